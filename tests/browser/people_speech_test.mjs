// What people say beside writing: captions of their voice that others read once they agreed, dictation, reading aloud, notices that stay,
// and reports of what was said. The page's speech services are played by the test.
import { api, base_url, expect, expect_equal, expect_no_faults, open_page, standing_place, test, until } from './harness.mjs';
import { does, needs_people, open_guest, reads, row_of, say, sees, sees_not, tab } from './people_page.mjs';

/** Services for speech that hear what the test says (`hear`) and keep what they were to read (`spoken`). */
const speech = (page) =>
  page.addInitScript(() => {
    window.spoken = [];
    window.listener = null;
    window.SpeechRecognition = window.webkitSpeechRecognition = class {
      start() {
        window.listener = this;
      }
      stop() {
        if (window.listener === this) window.listener = null;
        this.onend?.();
      }
    };
    window.hear = (transcript, isFinal) => window.listener.onresult({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal })] });
    window.SpeechSynthesisUtterance = class {
      constructor(text) {
        this.text = text;
      }
    };
    const synthesis = { speak: (utterance) => (window.spoken.push(utterance.text), utterance.onend?.()), cancel: () => {} };
    Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
  });
const listens = (page) => page.evaluate(() => window.listener !== null);
const hear = (page, text, is_final = true) => page.evaluate(([heard, final]) => window.hear(heard, final), [text, is_final]);
const consent = async (page) =>
  (await (await page.request.get(`${base_url}/api/v1/me/consents`)).json()).consents.find(({ purpose }) => purpose === 'captions').given;

test('what one says is a caption for those who read captions, and only after one has agreed; dictation and reading aloud', async (browser) => {
  await needs_people();
  const ana = await open_guest(browser, 'Ana Spricht', { account: true, before: speech });
  const ben = await open_guest(browser, 'Ben Liest', { before: speech });
  await sees(ana, 'Ben Liest');
  await sees(ben, 'Ana Spricht');

  await tab(ben, 'voice');
  await ben.getByLabel('Show me what others say').check();
  await ben.getByLabel('Read messages to me').check();
  await tab(ana, 'voice');
  expect(!(await listens(ana)), 'the microphone listens before anybody asked');
  expect_equal(await consent(ana), false, 'consent before');
  await ana.getByLabel('Show others what I say').check();
  await until(() => listens(ana), 'what Ana says is heard');
  expect_equal(await consent(ana), true, 'consent');
  await hear(ana, 'The bus is', false);
  await hear(ana, 'The bus is late today');
  const captions = ben.getByRole('log', { name: 'Captions' });
  // One wait for both: captions go by themselves.
  await captions.locator('p', { hasText: 'The bus is late today' }).filter({ hasText: 'Ana Spricht' }).waitFor();
  await ana.getByLabel('Show others what I say').uncheck();
  await until(async () => !(await consent(ana)), 'the consent is taken back');
  expect(!(await listens(ana)), 'the microphone listens on');

  await tab(ana, 'chat');
  await ana.getByRole('button', { name: 'Write what I say' }).click();
  await until(() => listens(ana), 'the microphone listens');
  await hear(ana, 'Is the library');
  await hear(ana, 'open now?');
  const field = ana.locator('#people-panel textarea');
  await until(async () => (await field.inputValue()) === 'Is the library open now?', 'what was said stands in the field');
  await ana.getByRole('button', { name: 'Write what I say' }).click();
  await until(async () => !(await listens(ana)), 'the microphone rests');
  await field.press('Enter');
  await reads(ben, 'Is the library open now?');
  await until(async () => (await ben.evaluate(() => window.spoken)).includes('Ana Spricht: Is the library open now?'), 'it is read to Ben');
  expect_equal(await ana.evaluate(() => window.spoken), [], 'what was read to Ana, who did not ask for it');
  expect_no_faults(ana);
  expect_no_faults(ben);
});

test('a report shows the moderators the messages that were chosen, and no others', async (browser) => {
  await needs_people();
  const ana = await open_guest(browser, 'Ana Meldet', { account: true });
  const ben = await open_guest(browser, 'Ben Stört');
  await sees(ana, 'Ben Stört');
  await say(ben, 'What a nice day');
  await reads(ana, 'What a nice day');
  await say(ben, 'Go away, you fool');
  await reads(ana, 'Go away, you fool');
  await does(ana, 'Ben Stört', 'Report');
  const form = ana.getByRole('form', { name: 'Report Ben Stört' });
  await form.getByLabel('What is it about?').selectOption('harassment');
  await form.getByLabel('What happened').fill('He shouts at people.');
  await form.getByLabel('Go away, you fool').check();
  expect(!(await form.getByLabel('What a nice day').isChecked()), 'a message is chosen by itself');
  const sent = ana.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/v1/reports'));
  await form.getByRole('button', { name: 'Send to the moderators' }).press('Enter');
  const { reason, text, evidence, also_block } = (await sent).postDataJSON();
  expect_equal([reason, text, also_block], ['harassment', 'He shouts at people.', true], 'what is told');
  expect_equal(evidence.map((shown) => shown.text), ['Go away, you fool'], 'what is shown');
  await ana.getByText('The moderators have your report.').waitFor();
  await sees_not(ana, 'Ben Stört');
  await sees_not(ben, 'Ana Meldet');
  const own = await (await ana.request.get(`${base_url}/api/v1/me/reports`)).json();
  expect_equal(own.items.map((report) => report.reason), ['harassment'], 'Ana’s reports');
  expect_no_faults(ana);
});

test('a notice that is pinned to a place is read by who knows nobody, taken down, and put back', async (browser) => {
  await needs_people();
  const here = await standing_place();
  const { items } = await api(`/api/v1/nearby?${here.query}&kinds=place&radius_m=2000&limit=1`);
  const address = `/?view=text&${here.query}&object=${items[0].id}`;
  const words = `Choir on Friday ${Date.now()}`;
  const ana = await open_guest(browser, 'Ana Chor', { account: true });
  await ana.goto(base_url + address);
  const board = (page) => page.getByRole('region', { name: 'Noticeboard' });
  await board(ana).getByText('Pin a notice').click();
  await board(ana).getByLabel('Your notice').fill(words);
  await board(ana).getByRole('button', { name: 'Pin it' }).click();
  await board(ana).locator('li', { hasText: words }).waitFor();
  const stranger = await open_page(browser, address);
  await board(stranger).locator('li', { hasText: words }).getByText('Ana Chor').waitFor();
  expect_equal(await board(stranger).getByRole('button', { name: 'Take down' }).count(), 0, 'notices that a stranger may take down');
  // Taking it back is offered for some seconds only: at once.
  await board(ana).locator('li', { hasText: words }).getByRole('button', { name: 'Take down' }).press('Enter');
  const put_back = ana.waitForResponse((answer) => answer.url().endsWith('/restoration'));
  await ana.getByRole('button', { name: 'Undo' }).press('Enter');
  await put_back;
  await board(ana).locator('li', { hasText: words }).waitFor();
  await board(ana).locator('li', { hasText: words }).getByRole('button', { name: 'Take down' }).press('Enter');
  await board(ana).locator('li', { hasText: words }).waitFor({ state: 'detached' });
  await until(async () => {
    await stranger.reload();
    await board(stranger).waitFor();
    return (await board(stranger).getByText(words).count()) === 0;
  }, 'a stranger reads it no more');
  expect_no_faults(ana);
  expect_no_faults(stranger);
});

test('one follows somebody, and a tour, wherever they go, until one stops', async (browser) => {
  await needs_people();
  const [ana, ben] = [await open_guest(browser, 'Ana Führt'), await open_guest(browser, 'Ben Folgt')];
  await sees(ana, 'Ben Folgt');
  await sees(ben, 'Ana Führt');
  const place = (page) => ['lat', 'lon'].map((name) => Number(new URL(page.url()).searchParams.get(name)));
  const apart_m = () => {
    const [[a_lat, a_lon], [b_lat, b_lon]] = [place(ana), place(ben)];
    return Math.hypot(a_lat - b_lat, (a_lon - b_lon) * Math.cos((a_lat * Math.PI) / 180)) * 111_320;
  };
  /** Ana takes a step of the text view, and Ben comes after. */
  async function leads(what) {
    const before = place(ana).join();
    await ana.locator('.rose button').first().click();
    await until(() => place(ana).join() !== before, `Ana goes on ${what}`);
    await until(() => apart_m() < 9, `Ben comes after ${what}`, 30_000);
  }
  await does(ben, 'Ana Führt', 'Follow');
  await row_of(ana, 'Ben Folgt').getByText('follows you').waitFor();
  await leads('as he follows');
  await does(ben, 'Ana Führt', 'Stop following');
  await row_of(ana, 'Ben Folgt').getByText('follows you').waitFor({ state: 'detached' });

  await tab(ana, 'group');
  await ana.getByRole('button', { name: 'Make a group' }).click();
  const code = (await ana.locator('#people-part code').textContent()).trim();
  await tab(ben, 'group');
  await ben.getByLabel('Code of a group').fill(code);
  await ben.getByRole('button', { name: 'Join the group' }).click();
  await ana.getByText('2 members').waitFor();
  await ana.getByRole('button', { name: 'Lead a tour' }).click();
  await ben.getByRole('button', { name: 'Come along' }).click();
  await tab(ana, 'near');
  await row_of(ana, 'Ben Folgt').getByText('follows you').waitFor();
  await leads('on the tour');
  await tab(ana, 'group');
  await ana.getByRole('button', { name: 'End the tour' }).click();
  await ben.getByText('A tour of your group is on its way.').waitFor({ state: 'detached' });
  await tab(ana, 'near');
  await row_of(ana, 'Ben Folgt').getByText('follows you').waitFor({ state: 'detached' });
  expect_no_faults(ana);
  expect_no_faults(ben);
});
