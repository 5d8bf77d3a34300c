// One's group over a restart of the node, and those of it who are in another space.
import { expect, test } from 'vitest';
import { Company } from './company.svelte';
import type { Meeting, Told } from './meeting';
import { People } from './people';

function met(code = '') {
  const people = new People({ lat: 43.74, lon: 7.43 });
  people.me = { ...people.me, person: 7 };
  const said: Record<string, unknown>[] = [];
  const told = new Map<string, Told>();
  const meeting = {
    people,
    hear: (t: string, listener: Told) => (told.set(t, listener), () => {}),
    say: (message: Record<string, unknown>) => said.push(message) > 0,
  } as unknown as Meeting;
  const company = new Company(meeting);
  company.comes_with(code);
  return { company, said, tell: (message: { t: string; [member: string]: unknown }) => told.get(message.t)!(message) };
}
const group = { t: 'group', code: 'kA7', leader: 7, members: [{ person: 7, name: 'Ana' }, { person: 8, name: 'Ben' }] };

test('a node that has forgotten everybody brings a group together again by its code', () => {
  const { company, said, tell } = met();
  tell({ t: 'welcome' });
  expect(said).toEqual([]);
  tell(group);
  tell({ t: 'welcome', resumed: true });
  expect(said).toEqual([]);
  tell({ t: 'welcome' });
  expect(said).toEqual([{ t: 'group', join: 'kA7' }]);
  expect(company.group).toBeNull();
});

test('who has left a group, or was taken out of it, is not brought back', () => {
  const { said, tell } = met();
  tell(group);
  tell({ t: 'group', members: [] });
  tell({ t: 'welcome' });
  expect(said).toEqual([]);
});

test('the group comes along into another space', () => {
  const city = met();
  city.tell(group);
  const hall = met(city.company.code);
  hall.tell({ t: 'welcome' });
  expect(hall.said).toEqual([{ t: 'group', join: 'kA7' }]);
});

test('those of the group who are in another space are told by name and space', () => {
  const { company, tell } = met();
  tell(group);
  tell({ t: 'where', people: [], elsewhere: [{ name: 'Dan', space: 'abc', space_name: 'Great hall' }, { name: 'Eve' }] });
  expect(company.elsewhere).toEqual([{ name: 'Dan', space: 'abc', space_name: 'Great hall' }]);
});
