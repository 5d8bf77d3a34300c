// The headset: a session starts, frames are drawn for both eyes, a controller teleports and turns, and the screen takes over again.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, expect_no_faults, test, until } from './harness.mjs';
import { among_people } from './people_near.mjs';
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

test('with a headset others are told of head and hands, and those others stand in the picture', async (browser) => {
  const street = await street_place();
  const somebody = { person: 1000, x_m: 2, y_m: 2, heading_deg: 0, walks: false, gesture: 0, speaking: false, name: 'Amina', look: { skin: 4 } };
  let company;
  const query = `lat=${street.lat}&lon=${street.lon}&heading=0&time=2026-06-21T11:00Z`;
  const page = await open_three(browser, query, {
    viewport: { width: 640, height: 480 }, init: kInstall,
    before: async (opened) => (company = await among_people(opened, { lat: street.lat, lon: street.lon, z_m: street.ground_m }, [somebody])),
  });
  await until(() => company.is_in, 'the page is among people');
  await page.getByRole('button', { name: 'Enter with a headset' }).click();
  await until(() => page.evaluate(() => window.device.activeSession !== undefined && window.device.activeSession !== null), 'a session');
  await page.evaluate(() => {
    window.device.position.set(0, 1.6, 0);
    window.device.controllers.right.position.set(0.25, 1.4, -0.4);
    window.device.controllers.left.connected = false;
  });
  const posed = () => company.sent.filter((bytes) => bytes[0] === 0x02 && bytes.length === 34 && (bytes[3] & 1) === 1).at(-1);
  const told = () => posed() !== undefined && posed().readInt8(18 + 12) < -10 && posed().readInt8(18 + 4) === -128;
  await until(told, 'a step with a pose in which the right hand is below the head, and the left is not there');
  const pose = posed().subarray(18);
  expect(pose[3] > 140 && pose[3] < 180, `the head is told to be ${pose[3]} cm above the feet`);
  const [right_cm, forward_cm] = [pose.readInt8(10), pose.readInt8(11)];
  expect(right_cm > 10 && forward_cm > 20, `the right hand is told to be ${right_cm} cm to the right, ${forward_cm} cm ahead`);
  await page.evaluate(() => window.device.activeSession.end());
  await at_rest(page);
  expect_no_faults(page);
});
