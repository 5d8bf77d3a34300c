// Company for a page without a node's people: answers its presence socket by protocol/presence.md with bodies that walk, so that what a
// page shows of people can be tried one person at a time, or with a hundred.
import { readFileSync } from 'node:fs';

const table = JSON.parse(readFileSync(new URL('../../protocol/avatar_look.json', import.meta.url), 'utf8'));
const kTick_ms = 100;
const kStep_m = 0.13;
const kNames = ['Amina', 'Léa', 'Kofi', '雪', 'سلمى', 'Jan', 'María José', 'Priya', 'Noah', 'Ngozi', 'Olga', 'דניאל'];

/** Numbers from 0 to 1, the same in every run. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

function some_look(random) {
  const rare = new Set(['aid', 'companion', 'cover', 'beard', 'face']);
  return Object.fromEntries(
    table.members.map(({ name, values }) => [name, rare.has(name) && random() < 0.7 ? 0 : Math.floor(random() * values.length)]),
  );
}

/** People within `radius_m` of the middle; every third stands, the others walk unless `still`. */
export function some_people(count, radius_m, still = false) {
  const random = dice(7);
  return Array.from({ length: count }, (_, i) => {
    const [angle, away] = [random() * 2 * Math.PI, 3 + Math.sqrt(random()) * (radius_m - 3)];
    return {
      person: 1000 + i, x_m: Math.sin(angle) * away, y_m: Math.cos(angle) * away, heading_deg: random() * 360, walks: !still && i % 3 !== 0,
      gesture: 0, speaking: false, name: kNames[i % kNames.length], look: i % 5 === 4 ? {} : some_look(random),
    };
  });
}

function place(view, at, { x_m, y_m }, z_m, heading_deg) {
  view.setInt32(at, Math.round(x_m * 100), true);
  view.setInt32(at + 4, Math.round(y_m * 100), true);
  view.setInt32(at + 8, Math.round(z_m * 20) * 5, true);
  view.setUint8(at + 12, Math.round((heading_deg / 360) * 256) & 255);
}
const state_of = ({ gesture, speaking }) => gesture | (speaking ? 32 : 0);

function welcome({ lat, lon, z_m }) {
  const view = new DataView(new ArrayBuffer(84));
  view.setUint8(0, 0x81);
  view.setUint8(1, 1);
  view.setUint32(2, 7, true);
  view.setUint8(6, 128);
  view.setUint8(7, 10);
  view.setUint16(8, 250, true);
  view.setUint8(10, 10);
  place(view, 38, { x_m: 0, y_m: 0 }, z_m, 0);
  view.setFloat64(52, lat, true);
  view.setFloat64(60, lon, true);
  [-1e6, -1e6, 1e6, 1e6].forEach((bound, i) => view.setInt32(68 + 4 * i, bound, true));
  return Buffer.from(view.buffer);
}

function entered(tick, people, first, z_m) {
  const view = new DataView(new ArrayBuffer(7 + 19 * people.length));
  view.setUint8(0, 0x82);
  view.setUint16(1, tick, true);
  view.setUint8(5, 4);
  view.setUint8(6, people.length);
  people.forEach((one, i) => {
    const at = 7 + 19 * i;
    view.setUint8(at, first + i);
    view.setUint32(at + 1, one.person, true);
    place(view, at + 5, one, z_m, one.heading_deg);
    view.setUint8(at + 18, state_of(one));
  });
  return Buffer.from(view.buffer);
}

/** Far moves of those who walk or have changed. */
function moved(tick, people, which, z_m) {
  const view = new DataView(new ArrayBuffer(7 + 8 * which.length));
  view.setUint8(0, 0x82);
  view.setUint16(1, tick, true);
  view.setUint8(5, 8);
  view.setUint8(6, which.length);
  which.forEach((slot, i) => {
    const [at, one] = [7 + 8 * i, people[slot]];
    view.setUint8(at, slot);
    view.setUint16(at + 1, Math.round(one.x_m * 100) & 0xffff, true);
    view.setUint16(at + 3, Math.round(one.y_m * 100) & 0xffff, true);
    view.setUint8(at + 5, Math.round(z_m * 20) & 0xff);
    view.setUint8(at + 6, Math.round((one.heading_deg / 360) * 256) & 255);
    view.setUint8(at + 7, state_of(one));
  });
  return Buffer.from(view.buffer);
}

const tell = (message) => Buffer.concat([Buffer.from([0x90]), Buffer.from(JSON.stringify(message))]);

/**
 * Before the page is opened: signs it in and answers its socket. `at` is where the people stand around: {lat, lon, z_m}. The answer's `say`
 * sends one of the JSON messages; `change` gives a person other members; `sent` has what the page sent; `stop` ends the walk.
 */
export async function among_people(page, at, people) {
  const me = { signed_in: true, guest: true, account: 'aaaaaaaaaaaaa', name: 'Ada', permissions: ['everyone', 'own_account'], roles: [], look: {} };
  await page.addInitScript(() => localStorage.setItem('citiverse.people', 'here'));
  await page.route('**/api/v1/me', (route) => route.fulfill({ json: me }));
  await page.route(/\/api\/v1\/me\/.+/, (route) => route.fulfill({ json: {} }));
  const company = { sent: [], say: () => {}, change: () => {}, stop: () => {}, is_in: false };
  await page.routeWebSocket(/\/api\/v1\/presence/, (socket) => {
    const random = dice(3);
    const changed = new Set();
    let tick = 0;
    company.say = (message) => socket.send(tell(message));
    company.change = (slot, members) => {
      Object.assign(people[slot], members);
      changed.add(slot);
    };
    const walk = setInterval(() => {
      if (!company.is_in) return;
      tick = (tick + 1) & 0xffff;
      people.forEach((one, slot) => {
        if (!one.walks) return;
        changed.add(slot);
        one.heading_deg = (one.heading_deg + (random() - 0.5) * 14 + 360) % 360;
        one.x_m += Math.sin((one.heading_deg * Math.PI) / 180) * kStep_m;
        one.y_m += Math.cos((one.heading_deg * Math.PI) / 180) * kStep_m;
      });
      if (changed.size > 0) socket.send(moved(tick, people, [...changed], at.z_m));
      changed.clear();
    }, kTick_ms);
    company.stop = () => clearInterval(walk);
    socket.onClose(() => clearInterval(walk));
    socket.onMessage((message) => {
      const bytes = Buffer.from(message);
      company.sent.push(bytes);
      if (bytes[0] === 0x01) {
        socket.send(welcome(at));
        socket.send(entered(tick, people, 0, at.z_m));
        company.is_in = true;
      } else if (bytes[0] === 0x10 && JSON.parse(bytes.subarray(1)).t === 'who') {
        const asked = new Set(JSON.parse(bytes.subarray(1)).people);
        const known = people.filter(({ person }) => asked.has(person));
        socket.send(tell({ t: 'people', people: known.map(({ person, name, look, personal_m = 1 }) => ({ person, name, look, guest: true, personal_m })) }));
      }
    });
  });
  return company;
}
