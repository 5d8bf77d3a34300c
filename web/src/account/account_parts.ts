// The parts of the account page: which there are, who sees them, and how each is fetched.
import id_card from 'lucide:id-card';
import key from 'lucide:key-round';
import monitor from 'lucide:monitor-smartphone';
import shield from 'lucide:shield';
import lock from 'lucide:file-lock-2';
import building from 'lucide:building-2';
import gavel from 'lucide:scale';
import shirt from 'lucide:shirt';
import users from 'lucide:users-round';
import scroll from 'lucide:scroll-text';
import type { Component } from 'svelte';
import type { Me } from '../lib/api';

export interface AccountPart {
  /** As in the address (`part=`) and in the messages (`account.part.<name>`). */
  name: 'profile' | 'look' | 'sign-in' | 'sessions' | 'safety' | 'privacy' | 'organisations' | 'reports' | 'accounts' | 'audit';
  icon: string;
  /** The node's permission that it needs; whoever has it sees the part. The node checks every request anyway. */
  permission: Me['permissions'][number];
  /** Parts that serve others stand apart from one's own. */
  for_city: boolean;
  load: () => Promise<{ default: Component }>;
}

export const kAccountParts: readonly AccountPart[] = [
  { name: 'profile', icon: id_card, permission: 'own_account', for_city: false, load: () => import('./profile.svelte') },
  { name: 'look', icon: shirt, permission: 'own_account', for_city: false, load: () => import('../avatars/look_editor.svelte') },
  { name: 'sign-in', icon: key, permission: 'own_sign_in', for_city: false, load: () => import('./sign_in_means.svelte') },
  { name: 'sessions', icon: monitor, permission: 'own_account', for_city: false, load: () => import('./sessions.svelte') },
  { name: 'safety', icon: shield, permission: 'own_account', for_city: false, load: () => import('./safety.svelte') },
  { name: 'privacy', icon: lock, permission: 'own_account', for_city: false, load: () => import('./privacy.svelte') },
  { name: 'organisations', icon: building, permission: 'own_sign_in', for_city: false, load: () => import('./organisations.svelte') },
  { name: 'reports', icon: gavel, permission: 'moderate', for_city: true, load: () => import('./moderation.svelte') },
  { name: 'accounts', icon: users, permission: 'find_accounts', for_city: true, load: () => import('./accounts.svelte') },
  { name: 'audit', icon: scroll, permission: 'read_audit', for_city: true, load: () => import('./audit.svelte') },
];

export function parts_for(me: Me | null): AccountPart[] {
  return kAccountParts.filter((part) => may(me, part) || needs_sign_in(me, part));
}
const may = (me: Me | null, part: AccountPart): boolean => me?.permissions.includes(part.permission) === true;
/** A role that reaches other people's data counts only for some hours after signing in; then it sleeps until the next sign-in. */
export const needs_sign_in = (me: Me | null, part: AccountPart): boolean =>
  !may(me, part) && me?.permissions_after_sign_in?.includes(part.permission) === true;
