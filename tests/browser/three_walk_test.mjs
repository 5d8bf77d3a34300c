// Moving in the 3D view: on foot with ground underneath and walls around, by keyboard alone, and on to the other views.
import { api, expect, expect_equal, expect_no_faults, parameters, skip, test, until } from './harness.mjs';
import { at_rest, hold, metres_between, moved, open_three, place_of, heading_between, street_place } from './three_page.mjs';

const kSmall = { viewport: { width: 640, height: 480 } };
const kNoon = 'time=2026-06-21T11:00Z';
const walk_at = (at, heading) => `lat=${at.lat.toFixed(7)}&lon=${at.lon.toFixed(7)}&heading=${Math.round(heading)}&${kNoon}`;

test('walking goes where one looks, at the pace of a walker', async (browser) => {
  const street = await street_place();
  const page = await open_three(browser, walk_at(street, street.heading), kSmall);
  const before = place_of(page);
  await hold(page, ['KeyW'], 4000);
  const after = place_of(page);
  const way_m = metres_between(before, after);
  expect(way_m > 2 && way_m < 12, `${way_m.toFixed(1)} m in 4 s`);
  const off_deg = Math.abs(((heading_between(before, after) - before.heading + 540) % 360) - 180);
  expect(off_deg < 25, `${off_deg.toFixed(0)}° off`);
  expect_equal(parameters(page).h, undefined, 'the height of a walker');
  expect_no_faults(page);
});

test('a walker stands on the ground of the city, before and after a walk', async (browser) => {
  const street = await street_place();
  const page = await open_three(browser, walk_at(street, street.heading), kSmall);
  for (const keys of [[], ['KeyW', 'ShiftLeft'], ['KeyS']]) {
    if (keys.length > 0) await hold(page, keys, 2500);
    await page.waitForTimeout(600);
    const { lat, lon } = place_of(page);
    const { ground_height_m } = await api(`/api/v1/at?lat=${lat}&lon=${lon}`);
    const stands_m = Number(await page.locator('canvas').getAttribute('data-ground_m'));
    expect(Math.abs(stands_m - ground_height_m) < 0.6, `stands at ${stands_m} m, the ground is at ${ground_height_m} m`);
  }
});

/** A building with a straight wall and free ground before it: where to stand, and where to go. */
async function wall_before_free_ground() {
  const { origin } = await api('/api/v1/city');
  const { items } = await api(`/api/v1/nearby?lat=${origin.lat}&lon=${origin.lon}&kinds=building&radius_m=5000&limit=100`);
  for (const { id } of items) {
    const { geometry, building } = await api(`/api/v1/objects/${id}?geometry=true`);
    const ring = geometry?.type === 'Polygon' ? geometry.coordinates[0] : geometry?.coordinates?.[0]?.[0];
    if (ring === undefined || (building?.min_height_m ?? 0) > 0 || (building?.height_m ?? 0) < 4) continue;
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1], ring[i]].map(([to_lon, to_lat]) => ({ lat: to_lat, lon: to_lon }));
      if (metres_between(a, b) < 10) continue;
      const middle = { lat: (a.lat + b.lat) / 2, lon: (a.lon + b.lon) / 2 };
      for (const side of [90, -90]) {
        const away = heading_between(a, b) + side;
        const points = await Promise.all([1, 3, 6].map((by_m) => at_point(moved(middle, away, by_m))));
        const behind = await at_point(moved(middle, away + 180, 1.5));
        const level = Math.abs(points[2].ground_height_m - points[0].ground_height_m) < 1;
        if (behind.building?.id === id && level && points.every((point) => point.building === undefined)) {
          return { id, middle, from: moved(middle, away, 6), heading: (away + 180 + 360) % 360 };
        }
      }
    }
  }
  return null;
}
const at_point = ({ lat, lon }) => api(`/api/v1/at?lat=${lat.toFixed(7)}&lon=${lon.toFixed(7)}`);

test('a wall stops a walker, also one who runs, and lets one slide along it', async (browser) => {
  const wall = (await wall_before_free_ground()) ?? skip('no wall with free ground before it near the origin');
  const page = await open_three(browser, walk_at(wall.from, wall.heading), kSmall);
  await hold(page, ['KeyW', 'ShiftLeft'], 4000);
  const stopped = place_of(page);
  const here = await at_point(stopped);
  expect(here.building?.id !== wall.id, 'the walker stands inside the building');
  expect(metres_between(stopped, wall.middle) < 5.9, 'the walker did not come to the wall');
  await hold(page, ['KeyW', 'ShiftLeft', 'KeyD'], 1500);
  const after = place_of(page);
  expect((await at_point(after)).building?.id !== wall.id, 'the walker slid into the building');
  expect(metres_between(stopped, after) > 0.3, 'the walker sticks to the wall');
});

test('the keyboard alone walks, flies, looks from above, selects, and lets go', async (browser) => {
  const street = await street_place();
  const page = await open_three(browser, walk_at(street, street.heading), kSmall);
  await page.focus('canvas');
  await page.keyboard.press('Digit3');
  await at_rest(page);
  await until(() => place_of(page).h > 20, 'the eye has risen');
  await page.keyboard.press('KeyN');
  await until(() => place_of(page).object !== null, 'something in view is selected');
  const { object } = place_of(page);
  await page.focus('canvas');
  await page.keyboard.press('KeyN');
  await until(() => place_of(page).object !== object, 'the next thing is selected');
  await page.focus('canvas');
  await page.keyboard.press('KeyG');
  await page.waitForTimeout(500);
  await at_rest(page);
  await page.focus('canvas');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(600);
  expect(place_of(page).object !== null, 'the middle of the picture is not what was gone to');
  await page.focus('canvas');
  await page.keyboard.press('Escape');
  await until(() => place_of(page).object === null, 'nothing is selected');
  await page.focus('canvas');
  await page.keyboard.press('Digit2');
  await at_rest(page);
  const before = place_of(page);
  await hold(page, ['KeyW'], 1000);
  expect(metres_between(before, place_of(page)) > 3, 'the flight did not move');
  await page.keyboard.press('Digit1');
  await at_rest(page);
  await until(() => place_of(page).h === 1.7, 'the eye is back at the height of a walker');
});

test('who comes down onto a house comes down on the street before it', async (browser) => {
  const street = await street_place();
  const { items } = await api(`/api/v1/nearby?lat=${street.lat}&lon=${street.lon}&kinds=building&radius_m=400&limit=50`);
  let house;
  for (const { lat, lon } of items) {
    const here = await api(`/api/v1/at?lat=${lat}&lon=${lon}`);
    if (here.building !== undefined && here.street?.distance_m < 50) house = { lat, lon };
    if (house) break;
  }
  expect(house !== undefined, 'no house near the street');
  const page = await open_three(browser, `lat=${house.lat}&lon=${house.lon}&h=70&heading=0&pitch=-89&${kNoon}`, kSmall);
  await page.focus('canvas');
  await page.keyboard.press('Digit1');
  await until(() => place_of(page).h === 1.7, 'the eye is at the height of a walker');
  await until(async () => {
    await at_rest(page);
    const { lat, lon } = place_of(page);
    return (await api(`/api/v1/at?lat=${lat}&lon=${lon}`)).building === undefined;
  }, 'the walker is outside', 60_000);
  expect(metres_between(house, place_of(page)) < 80, 'the walker is not near the house');
});

test('a click selects what it shows, and the panel and the list tell the same', async (browser) => {
  const street = await street_place();
  const page = await open_three(browser, `lat=${street.lat}&lon=${street.lon}&h=90&heading=0&pitch=-45&${kNoon}`, { viewport: { width: 900, height: 600 } });
  const box = await page.locator('canvas').boundingBox();
  for (const [x, y] of [[0.4, 0.5], [0.45, 0.4], [0.35, 0.6], [0.5, 0.65], [0.3, 0.4]]) {
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    await page.waitForTimeout(600);
    if (place_of(page).object !== null) break;
  }
  const { object } = place_of(page);
  expect(object !== null, 'five clicks into the city selected nothing');
  await page.locator('article').first().waitFor();
  const known = await api(`/api/v1/objects/${object}`);
  expect_equal(known.id, object, 'the object that the node knows');
});

test('a drag turns the view, and the text view is then where the 3D view was', async (browser) => {
  const street = await street_place();
  const page = await open_three(browser, walk_at(street, 10), kSmall);
  const box = await page.locator('canvas').boundingBox();
  await page.mouse.move(box.x + 100, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 60, { steps: 8 });
  await page.mouse.up();
  await hold(page, ['KeyW'], 1500);
  const there = place_of(page);
  expect(Math.abs(there.heading - 10) > 5, 'the view did not turn');
  await page.locator('header nav a[href*="view=text"]').click();
  await page.locator('#here-title').waitFor();
  const here = place_of(page);
  expect_equal([here.lat, here.lon, here.heading], [there.lat, there.lon, there.heading], 'the place');
});

test('one thumb on a phone walks by a stick that is seen while it is held', async (browser) => {
  const street = await street_place();
  const page = await open_three(browser, walk_at(street, street.heading), { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const before = place_of(page);
  const box = await page.locator('canvas').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height * 0.68];
  const wire = await page.context().newCDPSession(page);
  const touch = (type, points) => wire.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await touch('touchStart', [{ x, y }]);
  await touch('touchMove', [{ x, y: y - 30 }]);
  await touch('touchMove', [{ x, y: y - 60 }]);
  await page.locator('.stick').waitFor({ state: 'visible' });
  await page.waitForTimeout(2500);
  await touch('touchEnd', []);
  await page.locator('.stick').waitFor({ state: 'hidden' });
  await at_rest(page);
  await page.waitForTimeout(700);
  const way_m = metres_between(before, place_of(page));
  expect(way_m > 1 && way_m < 9, `the thumb walked ${way_m.toFixed(1)} m in 2.5 s`);
});
