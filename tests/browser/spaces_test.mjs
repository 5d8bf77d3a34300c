// Spaces beside the city, in words: made by a teacher, entered and left by others, who talk in there; by invitation; changed, left, closed and opened again.
import { readFileSync } from 'node:fs';
import { expect, expect_equal, expect_no_faults, kAxePath, kPhone, standing_place, test, until } from './harness.mjs';
import { open_as, person } from './account_people.mjs';
import { needs_people, open_guest, open_people, reads, row_of, say, sees, sees_not, tab } from './people_page.mjs';

const card = (page, name) => page.locator('#people-panel [data-space]', { hasText: name });
const press = (page, name, what) => card(page, name).getByRole('button', { name: what, exact: true }).press('Enter');
const is_in = (page, name) => page.locator('#people-panel .hall', { hasText: name }).waitFor();
const axe = async (page) => {
  await page.evaluate(readFileSync(kAxePath, 'utf8'));
  return page.evaluate(async () => (await globalThis.axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
};

/** A teacher on the page, among people. */
async function open_host(browser, name, options) {
  const { query } = await standing_place();
  const page = await open_as(browser, await person(name, ['teacher']), `/?view=text&${query}`, options);
  await open_people(page);
  await page.locator('#people-panel .join .button.main').click();
  await page.locator('#people-part').waitFor();
  await tab(page, 'spaces');
  return page;
}
async function make(page, name, audience) {
  await page.getByRole('button', { name: 'Make a space …' }).press('Enter');
  const form = page.getByRole('form', { name: 'Make a space …' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('What it is for').fill('Reading together on Fridays.');
  await form.getByLabel('Who may come in').selectOption(audience);
  await form.getByLabel('West to east, m').fill('30');
  await form.getByRole('button', { name: 'Make it' }).press('Enter');
  await card(page, name).waitFor();
}

test('a teacher makes a space; others go in by its door, meet and talk there, apart from the city, and come back', async (browser) => {
  await needs_people();
  const room = `Reading room ${Date.now()}`;
  const host = await open_host(browser, 'Theodora');
  await make(host, room, 'everybody');
  await card(host, room).getByText('open to everybody').waitFor();
  await card(host, room).getByText('30 m by 20 m').waitFor();
  expect_equal(await axe(host), [], 'axe on the list with a form');
  const ben = await open_guest(browser, 'Ben Raum');
  const cem = await open_guest(browser, 'Cem Stadt');
  await sees(cem, 'Ben Raum');
  await press(host, room, 'Go in');
  await is_in(host, room);
  await tab(ben, 'spaces');
  await press(ben, room, 'Go in');
  await is_in(ben, room);
  await sees(host, 'Ben Raum');
  await sees(ben, 'Theodora');
  await sees_not(cem, 'Ben Raum');
  await say(ben, 'Which book is it today?');
  await reads(host, 'Which book is it today?');
  await tab(cem, 'chat');
  expect_equal(await cem.locator('[data-chat] .text').count(), 0, 'what the city hears of the room');

  // One goes about in it without a picture, and the page keeps its place in the city.
  const address = ben.url();
  await tab(ben, 'spaces');
  await ben.locator('#people-panel').getByRole('button', { name: 'In the north' }).press('Enter');
  await tab(host, 'near');
  await row_of(host, 'Ben Raum').locator('.where', { hasText: 'north' }).waitFor();
  expect_equal(ben.url(), address, 'the place of the page');

  await ben.locator('#people-panel .hall').getByRole('button', { name: 'Back to the city' }).press('Enter');
  await sees(ben, 'Cem Stadt');
  await sees(cem, 'Ben Raum');
  await sees_not(host, 'Ben Raum');
  for (const page of [host, ben, cem]) expect_no_faults(page);
});

test('a space by invitation is there for who is on its list; closing it puts all out, and it opens again', async (browser) => {
  await needs_people();
  const room = `Council ${Date.now()}`;
  const host = await open_host(browser, 'Theodora');
  await make(host, room, 'invited');
  const dana = await person('Danica');
  const { query } = await standing_place();
  const guest = await open_as(browser, dana, `/?view=text&${query}`, { viewport: kPhone });
  await open_people(guest);
  await guest.getByRole('heading', { name: 'Spaces' }).waitFor();
  expect_equal(await card(guest, room).count(), 0, 'lines of it before the invitation');
  await press(host, room, 'Manage');
  await card(host, room).getByLabel('Invite by account id').fill(dana.id);
  await press(host, room, 'Invite');
  await card(host, room).getByText('Danica').waitFor();
  await guest.reload();
  await open_people(guest);
  // Straight in, without the city first.
  await press(guest, room, 'Go in');
  await is_in(guest, room);
  await press(host, room, 'Close this space');
  await guest.getByText('This space is closed, or no longer open to you.').waitFor();
  await card(host, room).getByText('closed', { exact: true }).waitFor();
  const is_open = async () => (await card(host, room).getByText('closed', { exact: true }).count()) === 0;
  await press(host, room, 'Open it again');
  await until(is_open, 'it is open again');
  await press(host, room, 'Close this space');
  await host.getByRole('button', { name: 'Undo' }).press('Enter');
  await card(host, room).getByRole('button', { name: 'Close this space' }).waitFor();
  await until(is_open, 'closing it is taken back');
  expect_equal(await axe(guest), [], 'axe on a phone');
  await guest.getByRole('button', { name: 'Back to the city' }).first().press('Enter');
  await guest.locator('#people-part').waitFor();
  expect((await guest.locator('#people-panel .hall').count()) === 0, 'the room is left');
  expect_no_faults(host);
});

test('a host changes what a space is and takes it back; who is on its list leaves it', async (browser) => {
  await needs_people();
  const room = `Choir ${Date.now()}`;
  const host = await open_host(browser, 'Theodora');
  await make(host, room, 'accounts');
  await press(host, room, 'Go in');
  await is_in(host, room);
  await tab(host, 'spaces');
  await press(host, room, 'Manage');
  const form = card(host, room).getByRole('form', { name: 'What it is' });
  expect_equal(await form.getByLabel('What it is for').inputValue(), 'Reading together on Fridays.', 'what it is for, before');
  await form.getByLabel('Name').fill(`${room} of the north`);
  await form.getByLabel('Who may come in').selectOption('invited');
  await form.getByRole('button', { name: 'Save' }).press('Enter');
  await card(host, `${room} of the north`).getByText('for invited people only · ').waitFor();
  await is_in(host, `${room} of the north`);
  expect_equal(await axe(host), [], 'axe on a space that is managed');
  await host.getByRole('button', { name: 'Undo' }).press('Enter');
  await card(host, room).getByText('for whoever has an account · ').waitFor();
  await until(async () => (await form.getByLabel('Name').inputValue()) === room, 'the form shows the old name again');
  expect_equal(await card(host, `${room} of the north`).count(), 0, 'cards of the new name');
  await form.getByLabel('Who may come in').selectOption('invited');
  await form.getByRole('button', { name: 'Save' }).press('Enter');
  await card(host, room).getByText('for invited people only · ').waitFor();

  const dana = await person('Danica');
  await card(host, room).getByLabel('Invite by account id').fill(dana.id);
  await press(host, room, 'Invite');
  await card(host, room).getByText('Danica').waitFor();
  expect_equal(await card(host, room).getByRole('button', { name: 'Leave its list' }).count(), 0, 'ways of the host to leave the list');
  const { query } = await standing_place();
  const guest = await open_as(browser, dana, `/?view=text&${query}`, { viewport: kPhone });
  await open_people(guest);
  await press(guest, room, 'Leave its list');
  await guest.getByRole('button', { name: 'Undo' }).press('Enter');
  await press(guest, room, 'Leave its list');
  // It is done when its undo is not offered any more, or when the page is left.
  await card(guest, room).waitFor({ state: 'detached' });
  await guest.reload();
  await open_people(guest);
  await guest.getByRole('heading', { name: 'Spaces' }).waitFor();
  expect_equal(await card(guest, room).count(), 0, 'cards of the space whose list one has left');
  for (const page of [host, guest]) expect_no_faults(page);
});
