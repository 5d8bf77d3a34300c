// Which live things one wants to see: one choice for the list, the map and 3D, kept on this device.
import { createSubscriber } from 'svelte/reactivity';
import { keep_choice, read_choice } from '../lib/theme';

/** In the order in which they are offered. */
export const kLayers = ['vehicles', 'shared', 'parking', 'charging', 'air', 'noise', 'weather', 'river', 'people', 'traffic_news', 'areas', 'other'] as const;
export type LayerName = (typeof kLayers)[number];

const kLayerOfKind: Readonly<Record<string, LayerName>> = {
  Vehicle: 'vehicles',
  BikeHireDockingStation: 'shared',
  SharedVehicle: 'shared',
  OffStreetParking: 'parking',
  OnStreetParking: 'parking',
  ParkingSpot: 'parking',
  EVChargingStation: 'charging',
  AirQualityObserved: 'air',
  NoiseLevelObserved: 'noise',
  WeatherObserved: 'weather',
  WaterObserved: 'river',
  CrowdFlowObserved: 'people',
  TripUpdate: 'traffic_news',
  TransitAlert: 'traffic_news',
  CityArea: 'areas',
};
const kStorageKey = 'citiverse.live.hidden';

export const layer_of = (kind: string): LayerName => kLayerOfKind[kind] ?? 'other';

/** What is not chosen is remembered, so that a kind that is new to the city is seen. */
export class LayerChoice {
  #hidden: ReadonlySet<LayerName>;
  readonly #listeners = new Set<() => void>();
  readonly #follow = createSubscriber((update) => this.subscribe(update));

  constructor() {
    const kept = (read_choice(kStorageKey) ?? '').split(',');
    this.#hidden = new Set(kLayers.filter((name) => kept.includes(name)));
  }

  shows(name: LayerName): boolean {
    this.#follow();
    return !this.#hidden.has(name);
  }
  shows_kind(kind: string): boolean {
    return this.shows(layer_of(kind));
  }

  show(names: readonly LayerName[], is_shown: boolean): void {
    const hidden = new Set(this.#hidden);
    for (const name of names) {
      if (is_shown) hidden.delete(name);
      else hidden.add(name);
    }
    this.#hidden = hidden;
    keep_choice(kStorageKey, [...hidden].join(','));
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

let shared: LayerChoice | null = null;
export const layer_choice = (): LayerChoice => (shared ??= new LayerChoice());
