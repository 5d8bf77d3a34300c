// Speaking with those near or of the group, browser to browser (WebRTC), each voice heard from where its speaker stands. Off until
// the visitor turns it on; the node only arranges who connects to whom.
import type { Api, Problem } from '../lib/api';
import type { components } from '../lib/api_types';
import type { Meeting, TellOf } from './meeting';
import { number_in } from './meeting';
import type { People, PersonId, Pose } from './people';
import { VoicePeer, type Signal } from './voice_peer';
import { loudest_part } from './loudness';

type VoiceTerms = components['schemas']['Voice'];
export type Scope = 'near' | 'group';
/** off · asking: for the microphone and the node's terms · on */
export type VoiceState = 'off' | 'asking' | 'on';
export type VoiceFailure = 'no_microphone' | 'not_here' | 'too_many' | 'not_allowed' | 'node';

/** Whom the node names for the gateway, which carries the mixed voices of a larger conversation. */
const kGateway: PersonId = 0;

/** Loudness above which somebody is heard to speak, of full scale; speech lies around 0.1. */
const kSpeaking = 0.02;
const kHold_ms = 400;
const kLook_ms = 100;
/** More than passes between two looks at any usual rate: a syllable between them is heard too. */
const kHeard_samples = 8192;
/** Full loudness up to here, metres, then fading as it does in a street. */
const kNear_m = 2;
const kFar_m = 40;

export class Voice {
  state: VoiceState = $state('off');
  scope: Scope = $state('near');
  failure: VoiceFailure | null = $state(null);
  problem: Problem | null = $state.raw(null);
  /** The microphone is cut, the others are heard. */
  is_silent = $state(false);
  /** With whom a connection stands, or is being made; person 0 is all of the group by the gateway. */
  peers: readonly { person: PersonId; is_connected: boolean }[] = $state.raw([]);
  readonly #meeting: Meeting;
  readonly #people: People;
  readonly #api: Api;
  readonly #peers = new Map<PersonId, VoicePeer>();
  #terms: VoiceTerms | null = null;
  #stream: MediaStream | null = null;
  #sound: AudioContext | null = null;
  #meter: AnalyserNode | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #loud_at_ms = -Infinity;

  constructor(meeting: Meeting, api: Api) {
    this.#meeting = meeting;
    this.#people = meeting.people;
    this.#api = api;
    meeting.hear('voice', (tell) => this.#arranged(tell));
    meeting.hear('signal', (tell) => void this.#signalled(tell));
    meeting.hear('welcome', (tell) => this.#welcomed(tell));
    meeting.hear('problem', (tell) => this.#refused(tell));
  }

  async start(scope: Scope): Promise<void> {
    this.stop();
    this.scope = scope;
    this.state = 'asking';
    this.failure = this.problem = null;
    // Turning it on is the consent, without which the node allows nothing; it can be taken back in the account at any time.
    const consent = await this.#api.send('PUT', '/api/v1/me/consents/voice', { given: true });
    if (!consent.ok) {
      this.#fail('node', consent.problem);
      return;
    }
    const terms = await this.#api.send<VoiceTerms>('GET', '/api/v1/voice');
    if (!terms.ok) {
      this.#fail('node', terms.problem);
      return;
    }
    if (!(scope === 'near' ? terms.value.near : terms.value.groups)) {
      this.#fail('not_allowed');
      return;
    }
    this.#terms = terms.value;
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    } catch {
      this.#fail('no_microphone');
      return;
    }
    if (this.state !== 'asking') {
      this.#release();
      return;
    }
    this.#open_sound(this.#stream);
    if (!this.#meeting.say({ t: 'voice', on: true, scope })) {
      this.#fail('not_here');
      return;
    }
    this.state = 'on';
    this.silence(this.is_silent);
    this.#timer = setInterval(() => this.#look(performance.now()), kLook_ms);
  }

  stop(): void {
    if (this.state === 'on') this.#meeting.say({ t: 'voice', on: false, scope: this.scope });
    this.#release();
    this.state = 'off';
  }

  silence(on: boolean): void {
    this.is_silent = on;
    for (const track of this.#stream?.getAudioTracks() ?? []) track.enabled = !on;
  }

  #release(): void {
    clearInterval(this.#timer);
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    this.#show_peers();
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    void this.#sound?.close();
    this.#sound = this.#meter = null;
    this.#people.me.is_speaking = false;
  }

  #fail(failure: VoiceFailure, problem: Problem | null = null): void {
    this.#release();
    this.state = 'off';
    this.failure = failure;
    this.problem = problem;
  }

  #open_sound(stream: MediaStream): void {
    this.#sound = new AudioContext();
    this.#meter = this.#sound.createAnalyser();
    this.#meter.fftSize = kHeard_samples;
    this.#sound.createMediaStreamSource(stream).connect(this.#meter);
    void this.#sound.resume();
  }

  /** The node tells all peers each time: who is not among them is gone. */
  #arranged(tell: TellOf): void {
    if (this.state !== 'on') return;
    const named = Array.isArray(tell['peers']) ? tell['peers'].map(number_in).filter((one) => one !== null) : [];
    const wanted = new Set(tell['gateway'] === true ? [kGateway] : named);
    for (const person of [...this.#peers.keys()]) if (!wanted.has(person)) this.#drop(person);
    for (const person of wanted) this.#connect(person);
    this.#show_peers();
  }

  #connect(person: PersonId): VoicePeer | null {
    const known = this.#peers.get(person);
    if (known) return known;
    if (!this.#stream || !this.#sound || !this.#terms) return null;
    // One more than the node arranges is a mistake of somebody's: it is not answered.
    if (this.#peers.size >= this.#terms.mesh_max) return null;
    const peer = new VoicePeer({
      ice_servers: this.#terms.ice_servers,
      stream: this.#stream,
      sound: this.#sound,
      is_polite: this.#people.me.person > person,
      waits: person !== kGateway && this.#people.me.person > person,
      send: (data) => void this.#meeting.say({ t: 'signal', person, data: person === kGateway ? for_gateway(data) : data }),
      changed: () => this.#show_peers(),
    });
    this.#peers.set(person, peer);
    return peer;
  }

  #drop(person: PersonId): void {
    this.#peers.get(person)?.close();
    this.#peers.delete(person);
  }

  async #signalled(tell: TellOf): Promise<void> {
    const from = number_in(tell['from']);
    const data = tell['data'];
    if (this.state !== 'on' || from === null || typeof data !== 'object' || data === null) return;
    await this.#peers.get(from)?.signalled(from === kGateway ? from_gateway(data) : data);
    this.#show_peers();
  }

  /** After a lost connection the voices still run; after a restart of the node everybody has another number. */
  #welcomed(tell: TellOf): void {
    if (this.state !== 'on') return;
    if (tell['resumed'] !== true) {
      for (const person of [...this.#peers.keys()]) this.#drop(person);
      this.#show_peers();
    }
    this.#meeting.say({ t: 'voice', on: true, scope: this.scope });
  }

  #refused(tell: TellOf): void {
    if (tell['about'] !== 'voice' || this.state === 'off') return;
    this.#fail(tell['code'] === 'limit' ? 'too_many' : 'not_allowed');
  }

  #look(now_ms: number): void {
    const { me, neighbours } = this.#people;
    if (this.#meter && !this.is_silent) {
      const wave = new Float32Array(this.#meter.fftSize);
      this.#meter.getFloatTimeDomainData(wave);
      if (loudest_part(wave) > kSpeaking) this.#loud_at_ms = now_ms;
    }
    me.is_speaking = !this.is_silent && now_ms - this.#loud_at_ms < kHold_ms;
    const scratch: Pose = { x_m: 0, y_m: 0, z_m: 0, heading_deg: 0 };
    for (const [person, peer] of this.#peers) {
      const neighbour = neighbours.get(person);
      peer.mute(neighbour?.is_muted ?? false);
      if (neighbour) peer.place(me.pose, neighbour.pose_at(now_ms, scratch), this.scope === 'near' ? { near_m: kNear_m, far_m: kFar_m } : null);
      else peer.place(me.pose, null, null);
    }
  }

  #show_peers(): void {
    this.peers = [...this.#peers].map(([person, peer]) => ({ person, is_connected: peer.is_connected }));
  }
}

const for_gateway = ({ description, candidate }: Signal): object => (description ? { offer: description.sdp } : { candidate });
const from_gateway = (data: { answer?: unknown }): Signal =>
  typeof data.answer === 'string' ? { description: { type: 'answer', sdp: data.answer } } : {};
