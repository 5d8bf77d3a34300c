// One choice of live layers: what is hidden stays hidden, and what is new is seen.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { kLayers, LayerChoice, layer_of } from './live_layers';
import english from '../messages/live/en.json';

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
});

describe('the choice of live layers', () => {
  it('shows everything at first, and what nobody has a name for as other', () => {
    const choice = new LayerChoice();
    for (const name of kLayers) expect(choice.shows(name)).toBe(true);
    expect(layer_of('SomethingNew')).toBe('other');
    expect(layer_of('SharedVehicle')).toBe(layer_of('BikeHireDockingStation'));
  });

  it('is kept on the device, and a stored name that is no layer does no harm', () => {
    const choice = new LayerChoice();
    let told = 0;
    const stop = choice.subscribe(() => told++);
    choice.show(['air', 'noise'], false);
    choice.show(['noise'], true);
    stop();
    choice.show(['river'], false);
    expect(told).toBe(2);
    kept.set('citiverse.live.hidden', `${kept.get('citiverse.live.hidden')},constructor,`);
    const again = new LayerChoice();
    expect(kLayers.filter((name) => !again.shows(name))).toEqual(['air', 'river']);
    expect(again.shows_kind('AirQualityObserved')).toBe(false);
  });

  it('has words for each layer', () => {
    for (const name of kLayers) expect(Object.keys(english)).toContain(`live.layer.${name}`);
  });
});
