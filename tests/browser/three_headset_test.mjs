// The headset: a session starts, frames are drawn for both eyes, a controller teleports and turns, and the screen takes over again.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, expect_no_faults, test, until } from './harness.mjs';
import { at_rest, metres_between, open_three, place_of, street_place } from './three_page.mjs';

const emulator = createRequire(new URL('../../web/package.json', import.meta.url)).resolve('iwer/build/iwer.min.js');
const kInstall = `${readFileSync(emulator, 'utf8')}
window.device = new IWER.XRDevice(IWER.metaQuest3);
window.device.installRuntime({ forceInstall: true });`;

test('a headset enters the city, teleports, turns by steps and leaves', async (browser) => {
  const street = await street_place();
  const query = `lat=${street.lat}&lon=${street.lon}&heading=${Math.round(street.heading)}&time=2026-06-21T11:00Z`;
  const page = await open_three(browser, query, { viewport: { width: 640, height: 480 }, init: kInstall });
  const before = place_of(page);
  await page.getByRole('button', { name: 'Enter with a headset' }).click();
  await until(() => page.evaluate(() => window.device.activeSession !== undefined && window.device.activeSession !== null), 'a session');
  const drawn = await page.evaluate(() => window.drawn);
  await until(async () => (await page.evaluate(() => window.drawn)) > drawn + 20, 'frames in the headset');

  await page.evaluate(() => {
    const hand = window.device.controllers.right;
    hand.position.set(0.2, 1.3, -0.3);
    hand.quaternion.set(-0.05, 0, 0, 0.9987);
    hand.updateButtonValue('trigger', 1);
  });
  await page.waitForTimeout(1500);
  await page.evaluate(() => window.device.controllers.right.updateButtonValue('trigger', 0));
  await page.waitForTimeout(800);
  await page.evaluate(() => window.device.controllers.right.updateAxes('thumbstick', 1, 0));
  await page.waitForTimeout(800);
  await page.evaluate(() => window.device.controllers.right.updateAxes('thumbstick', 0, 0));
  await page.waitForTimeout(500);
  await page.evaluate(() => window.device.activeSession.end());
  await until(() => place_of(page).heading !== before.heading, 'the screen has the heading of the headset');
  await at_rest(page);
  const after = place_of(page);
  const way_m = metres_between(before, after);
  expect(way_m > 2 && way_m < 15, `the teleport went ${way_m.toFixed(1)} m`);
  expect(Math.round((after.heading - before.heading + 360) % 360) === 30, `turned from ${before.heading} to ${after.heading}`);
  expect_no_faults(page);
});
