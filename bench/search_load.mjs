// The open-loop generator of bench/search_latency: URL RATE SECONDS; prints the 99th percentile in milliseconds.
// What people type: names of this city's own objects, cut short as in typing, with slips, with and without a place.
import http from 'node:http';

const [base, rateText, secondsText] = process.argv.slice(2);
const rate = Number(rateText);
const seconds = Number(secondsText);
const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });

function get(path) {
  return new Promise((resolve, reject) => {
    http
      .get(base + path, { agent }, (answer) => {
        let text = '';
        answer.on('data', (bytes) => (text += bytes));
        answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(`${path}: ${answer.statusCode}`))));
      })
      .on('error', reject);
  });
}

const city = JSON.parse(await get('/api/v1/city'));
const { lat, lon } = city.origin;
const names = [];
for (const kinds of ['place', 'stop', 'building']) {
  const page = JSON.parse(await get(`/api/v1/nearby?lat=${lat}&lon=${lon}&radius_m=20000&limit=200&kinds=${kinds}`));
  names.push(...page.items.map((item) => item.name).filter(Boolean));
}
for (const street of JSON.parse(await get('/api/v1/streets?limit=200')).items) names.push(street.name);
if (names.length === 0) throw new Error('the city has no names');

const queries = [];
let state = 1;
const random = (bound) => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * bound);
};
for (let i = 0; i < 1000; i += 1) {
  const name = names[random(names.length)];
  let text = name.slice(0, 2 + random(Math.max(1, name.length - 1)));
  if (i % 5 === 0 && text.length > 4) {
    const at = 1 + random(text.length - 2);
    text = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  }
  queries.push(`/api/v1/search?q=${encodeURIComponent(text)}${i % 2 ? `&lat=${lat}&lon=${lon}` : ''}`);
}

const latencies = [];
const waiting = [];
const begin = performance.now();
for (let i = 0; i < rate * seconds; ) {
  const now = performance.now() - begin;
  const due = Math.min(rate * seconds, Math.floor((now * rate) / 1000) + 1);
  for (; i < due; i += 1) {
    // From the moment it was due: a generator that runs late must not flatter the server.
    const scheduled = begin + (i * 1000) / rate;
    waiting.push(get(queries[i % queries.length]).then(() => latencies.push(performance.now() - scheduled)));
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await Promise.all(waiting);
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
console.error(`${latencies.length} searches: median ${at(0.5).toFixed(2)} ms, 90th ${at(0.9).toFixed(2)}, 99th ${at(0.99).toFixed(2)}, last ${at(1).toFixed(2)}`);
console.log(at(0.99).toFixed(2));
agent.destroy();
