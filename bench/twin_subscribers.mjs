// The subscribers and sensors of bench/twin_subscriptions: ADDRESS TOKEN_FILE, and further words that say how much. Sends at its own
// pace, whatever the node does; each update carries its number, and a notification is late from the moment when it was due.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';

const [base, tokenFile, ...words] = process.argv.slice(2);
const asked = Object.fromEntries(words.map((word) => word.split('=')));
const entities = Number(asked.entities ?? 1_000_000);
const subscriptions = Number(asked.subscriptions ?? 10_000);
const rate = Number(asked.rate ?? 500);
const seconds = Number(asked.seconds ?? 20);
const receivers = 20;
const matches = 16;
const types = Math.floor(subscriptions / matches);
const token = readFileSync(tokenFile, 'utf8').trim();
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
const { hostname, port } = new URL(base);

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
    const request = http.request({ hostname, port, path: `/ngsi-ld/v1${path}`, method, agent, headers }, (answer) => {
      let reply = '';
      answer.on('data', (bytes) => (reply += bytes));
      answer.on('end', () => (answer.statusCode < 300 ? resolve(reply) : reject(new Error(`${path}: ${answer.statusCode} ${reply}`))));
    });
    request.on('error', reject);
    request.end(text);
  });
}

// In step with as many workers as there are, each taking the next.
async function forEach(count, workers, work) {
  let next = 0;
  await Promise.all(Array.from({ length: workers }, async () => {
    while (next < count) await work(next++);
  }));
}

// A receiver is a socket that counts bodies: nothing else fits beside the node on two cores.
const sent = [];
let late = [];
let received = 0;
const kAnswer = 'HTTP/1.1 204 No Content\r\n\r\n';
const kNumber = /"value":(\d+)/g;
function receive(socket) {
  let waiting = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    waiting += bytes.toString('latin1');
    for (;;) {
      const head = waiting.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(waiting.slice(0, head))[1]);
      if (waiting.length < head + 4 + length) return;
      const body = waiting.slice(head + 4, head + 4 + length);
      waiting = waiting.slice(head + 4 + length);
      const now = performance.now();
      for (const match of body.matchAll(kNumber)) {
        const due = sent[Number(match[1])];
        if (due === undefined) continue;
        received += 1;
        late.push(now - due);
      }
      socket.write(kAnswer);
    }
  });
}
const open = [];
const ports = await Promise.all(Array.from({ length: receivers }, (_, number) => new Promise((resolve) => {
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    receive(socket);
  });
  open[number] = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1', () => resolve(server.address().port));
})));

const position = (number) => [7.42 + (number % 1000) * 1e-4, 43.73 + (Math.floor(number / 1000) % 1000) * 1e-4];
const batch = 2_000;
const started = performance.now();
await forEach(Math.ceil(entities / batch), 4, (part) => {
  const body = [];
  for (let number = part * batch; number < Math.min((part + 1) * batch, entities); number += 1)
    body.push({
      id: `urn:ngsi-ld:S:${number}`,
      type: `Sensor${number % types}`,
      level: { type: 'Property', value: -1 },
      location: { type: 'GeoProperty', value: { type: 'Point', coordinates: position(number) } },
    });
  return ask('POST', '/entityOperations/create', body);
});
console.error(`${entities} entities in ${((performance.now() - started) / 1000).toFixed(1)} s`);

const subscribing = performance.now();
await forEach(subscriptions, 16, (number) => {
  const type = Math.floor(number / matches);
  const which = number % matches;
  const more = which < 8 ? {} : which < 12 ? { q: 'level>=0' } : {
    geoQ: { georel: 'near;maxDistance==50000', geometry: 'Point', coordinates: [7.47, 43.78] },
  };
  return ask('POST', '/subscriptions', {
    type: 'Subscription', entities: [{ type: `Sensor${type}` }], watchedAttributes: ['level'], ...more,
    notification: { endpoint: { uri: `http://127.0.0.1:${ports[number % receivers]}/n` } },
  });
});
console.error(`${subscriptions} subscriptions in ${((performance.now() - subscribing) / 1000).toFixed(1)} s`);

// One number an update, from `first`; the moment at which it is due, not the one at which it left, is remembered.
let next = 0;
async function run(howLong) {
  late = [];
  received = 0;
  const begin = performance.now();
  const count = Math.round(rate * howLong);
  const first = next;
  let failed = 0;
  const answers = [];
  for (let number = 0; number < count;) {
    const now = performance.now();
    for (; number < count && begin + (number * 1000) / rate <= now; number += 1) {
      const update = first + number;
      sent[update] = begin + (number * 1000) / rate;
      const entity = (update * 7919) % entities;
      answers.push(ask('PATCH', `/entities/urn:ngsi-ld:S:${entity}/attrs/level`, { type: 'Property', value: update }).catch(() => (failed += 1)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  next = first + count;
  await Promise.all(answers);
  // What is still under way has as long as a receiver may take.
  for (let idle = 0, seen = -1; idle < 20; idle = seen === received ? idle + 1 : 0) {
    seen = received;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  late.sort((a, b) => a - b);
  return { updates: count - failed, received, p50: late[Math.floor(late.length * 0.5)], p99: late[Math.floor(late.length * 0.99)] };
}
await run(3);  // Connections are opened, pages touched.
const healthy = await run(seconds);
const due = healthy.updates * matches;
open[0]();
await run(3);
const oneDead = await run(seconds);
console.log(JSON.stringify({ due, healthy, oneDead }));
process.exit(0);
