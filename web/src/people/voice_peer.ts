// One voice: a connection to one other browser, and where their voice comes from. Negotiation as in WebRTC 1.0, section 10.7, "Perfect
// negotiation": either side may begin, and of two offers that meet the polite side takes its own back.
import type { Pose } from './people';

export interface Signal {
  readonly description?: RTCSessionDescriptionInit;
  readonly candidate?: RTCIceCandidateInit | null;
}
export interface VoicePeerParts {
  readonly ice_servers: readonly RTCIceServer[];
  readonly stream: MediaStream;
  readonly sound: AudioContext;
  /** Of two offers that meet, ours is taken back. */
  readonly is_polite: boolean;
  /** The other side begins. */
  readonly waits: boolean;
  send(data: Signal): void;
  changed(): void;
}

/** Height of a mouth and of ears over the feet. */
const kMouth_m = 1.5;

export class VoicePeer {
  readonly #parts: VoicePeerParts;
  readonly #connection: RTCPeerConnection;
  readonly #panner: PannerNode;
  readonly #gain: GainNode;
  /** Chromium feeds a remote voice into the graph only while an element plays it, silently. */
  readonly #element = new Audio();
  #is_offering = false;
  #waits: boolean;
  #ignores_offer = false;
  #is_closed = false;

  constructor(parts: VoicePeerParts) {
    this.#parts = parts;
    this.#waits = parts.waits;
    const { sound, stream } = parts;
    this.#panner = new PannerNode(sound, { panningModel: 'HRTF', distanceModel: 'inverse' });
    this.#gain = new GainNode(sound);
    this.#panner.connect(this.#gain).connect(sound.destination);
    this.#element.muted = true;
    const connection = (this.#connection = new RTCPeerConnection({ iceServers: [...parts.ice_servers] }));
    connection.onnegotiationneeded = () => void (this.#waits || this.#offer());
    connection.onicecandidate = ({ candidate }) => parts.send({ candidate: candidate?.toJSON() ?? null });
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === 'failed') connection.restartIce();
      parts.changed();
    };
    connection.ontrack = ({ track, streams }) => this.#heard(streams[0] ?? new MediaStream([track]));
    for (const track of stream.getAudioTracks()) connection.addTrack(track, stream);
  }

  get is_connected(): boolean {
    return this.#connection.connectionState === 'connected';
  }

  async signalled({ description, candidate }: Signal): Promise<void> {
    const connection = this.#connection;
    try {
      if (description) {
        const meets = description.type === 'offer' && (this.#is_offering || connection.signalingState !== 'stable');
        this.#ignores_offer = !this.#parts.is_polite && meets;
        if (this.#ignores_offer) return;
        await connection.setRemoteDescription(description);
        this.#waits = false;
        if (description.type !== 'offer') return;
        await connection.setLocalDescription();
        this.#tell_description();
      } else if (candidate !== undefined) {
        await connection.addIceCandidate(candidate ?? undefined);
      }
    } catch (error) {
      // What belongs to an offer that was not taken is of no use; anything else is the other side's mistake, and ends nothing here.
      if (!this.#ignores_offer && !this.#is_closed) console.warn(error);
    }
  }

  mute(on: boolean): void {
    this.#gain.gain.value = on ? 0 : 1;
  }

  /** From where the voice comes, relative to oneself; `fades` by distance, or not at all (a group far away is heard as beside one). */
  place(me: Readonly<Pose>, other: Readonly<Pose> | null, fades: { near_m: number; far_m: number } | null): void {
    const panner = this.#panner;
    if (fades) {
      panner.refDistance = fades.near_m;
      panner.maxDistance = fades.far_m;
    }
    panner.rolloffFactor = fades ? 1 : 0;
    const heading = (me.heading_deg * Math.PI) / 180;
    const east_m = other ? other.x_m - me.x_m : Math.sin(heading);
    const north_m = other ? other.y_m - me.y_m : Math.cos(heading);
    // Web Audio's listener looks along −z with x to the right.
    panner.positionX.value = east_m * Math.cos(heading) - north_m * Math.sin(heading);
    panner.positionY.value = other ? other.z_m + kMouth_m - (me.z_m + kMouth_m) : 0;
    panner.positionZ.value = -(east_m * Math.sin(heading) + north_m * Math.cos(heading));
  }

  close(): void {
    this.#is_closed = true;
    this.#element.srcObject = null;
    this.#gain.disconnect();
    this.#connection.close();
  }

  async #offer(): Promise<void> {
    try {
      this.#is_offering = true;
      await this.#connection.setLocalDescription();
      this.#tell_description();
    } catch (error) {
      if (!this.#is_closed) console.warn(error);
    } finally {
      this.#is_offering = false;
    }
  }

  #tell_description(): void {
    const description = this.#connection.localDescription;
    if (description) this.#parts.send({ description: { type: description.type, sdp: description.sdp } });
  }

  #heard(stream: MediaStream): void {
    this.#element.srcObject = stream;
    void this.#element.play().catch(() => undefined);
    this.#parts.sound.createMediaStreamSource(stream).connect(this.#panner);
  }
}
