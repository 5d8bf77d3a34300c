// A visit with a headset: standing or sitting in the city, moved by pointing at the ground and turned in steps, which spares the stomach.
import {
  BufferAttribute, BufferGeometry, Color, Group, Line, LineBasicMaterial, MathUtils, Mesh, MeshBasicMaterial, RingGeometry, Vector3,
  type XRTargetRaySpace,
} from 'three';
import { kEyeHeight_m } from '../../lib/situation';
import type { Company } from './company';
import { HeadsetBody } from './people/headset_body';
import type { Pose } from './pose';
import type { SolidGround } from './solid_ground';
import type { Stage } from './stage';

/** One turn of the stick. */
const kSnap_deg = 30;
/** A thrown ball of this speed draws the arc: about 12 m far on flat ground. */
const kThrow_m_s = 10;
const kGravity_m_s2 = 9.81;
const kArcPoints = 40;
const kArcStep_s = 0.06;
/** A stick counts as pushed beyond the first and as let go below the second. */
const kPushed = 0.7;
const kReleased = 0.3;
/** Lower than this above the floor, the head of a visitor sits. */
const kSeated_m = 1.3;
/** The picture darkens for this long while a visitor is moved. */
const kBlink_ms = 160;

/** Height of a picture as names over heads are sized for, CSS pixels: a headset's pixels are smaller than a screen's. */
const kNames_px = 820;
const kStep_s_max = 0.1;

interface Hand {
  ray: XRTargetRaySpace;
  grip: Group;
  /** What holds it: a controller or a bare hand; null while there is none. */
  source: XRInputSource | null;
  aiming: boolean;
  turned: boolean;
}

export class HeadsetVisit {
  readonly #stage: Stage;
  readonly #solid: SolidGround;
  readonly #pose: Pose;
  readonly #still: boolean;
  readonly #company: Company;
  readonly #body: HeadsetBody;
  /** Carries camera and hands; where it stands is where the visitor's floor is. */
  readonly #rig = new Group();
  readonly #hands: Hand[] = [];
  readonly #arc: Line<BufferGeometry, LineBasicMaterial>;
  readonly #ring: Mesh<RingGeometry, MeshBasicMaterial>;
  readonly #landing = new Vector3();
  readonly #head = new Vector3();
  #can_land = false;
  #last_ms = 0;
  #blink_until_ms = 0;
  /** What a seated visitor is raised by; null until the head has been seen. */
  #lift_m: number | null = null;

  constructor(stage: Stage, solid: SolidGround, pose: Pose, company: Company, reduced_motion: boolean) {
    this.#stage = stage;
    this.#solid = solid;
    this.#pose = pose;
    this.#still = reduced_motion;
    this.#company = company;
    this.#body = new HeadsetBody(stage.materials, new Color(company.skin), pose.heading_deg);
    const points = new BufferGeometry();
    points.setAttribute('position', new BufferAttribute(new Float32Array(kArcPoints * 3), 3));
    this.#arc = new Line(points, new LineBasicMaterial({ color: 0x1d8496 }));
    this.#arc.frustumCulled = false;
    this.#ring = new Mesh(new RingGeometry(0.28, 0.4, 32).rotateX(-Math.PI / 2), new MeshBasicMaterial({ color: 0x1d8496 }));
    this.#arc.visible = this.#ring.visible = false;
  }

  /** Resolves when the visitor takes the headset off. Fails: the browser's reason, when no session starts. */
  async run(): Promise<void> {
    const session = await navigator.xr!.requestSession('immersive-vr', { optionalFeatures: ['local-floor', 'bounded-floor', 'hand-tracking'] });
    const { renderer, scene, camera } = this.#stage;
    const ended = new Promise<void>((resolve) => session.addEventListener('end', () => resolve()));
    this.#stand();
    scene.add(this.#rig, this.#arc, this.#ring);
    this.#rig.add(camera);
    camera.position.set(0, kEyeHeight_m, 0);
    camera.rotation.set(0, 0, 0);
    renderer.xr.enabled = true;
    renderer.xr.setReferenceSpaceType('local-floor');
    try {
      await renderer.xr.setSession(session);
      this.#take_hands();
      renderer.setAnimationLoop((now_ms, frame) => frame && this.#frame(now_ms, session));
      await ended;
    } finally {
      renderer.setAnimationLoop(null);
      renderer.xr.enabled = false;
      this.#leave();
    }
  }

  /** The floor of the room becomes the ground of the city, where the visitor stood on the screen. */
  #stand(): void {
    const { x, y, z } = this.#pose.eye;
    const ground = this.#solid.height_at(x, y, z, 0) ?? y - kEyeHeight_m;
    this.#rig.position.set(x, ground, z);
    this.#rig.rotation.y = -MathUtils.degToRad(this.#pose.heading_deg);
    this.#rig.updateMatrixWorld(true);
  }

  #take_hands(): void {
    for (const index of [0, 1]) {
      const ray = this.#stage.renderer.xr.getController(index);
      const grip = this.#stage.renderer.xr.getControllerGrip(index);
      const hand: Hand = { ray, grip, source: null, aiming: false, turned: false };
      ray.addEventListener('connected', ({ data }) => this.#take_hand(hand, data));
      ray.addEventListener('disconnected', () => this.#lose_hand(hand));
      ray.addEventListener('selectstart', () => (hand.aiming = true));
      ray.addEventListener('selectend', () => {
        hand.aiming = false;
        this.#land();
      });
      this.#rig.add(ray, grip);
      this.#hands.push(hand);
    }
  }

  #take_hand(hand: Hand, source: XRInputSource): void {
    hand.source = source;
    if (source.handedness === 'none') return;
    const mitten = this.#body.mittens[source.handedness === 'left' ? 0 : 1];
    hand.grip.add(mitten);
    mitten.visible = true;
  }

  #lose_hand(hand: Hand): void {
    for (const mitten of this.#body.mittens) if (mitten.parent === hand.grip) mitten.visible = false;
    hand.source = null;
    hand.aiming = false;
  }

  /** Tells others where head and hands are, and brings those others into the picture. */
  #meet(): void {
    const now_ms = performance.now();
    const step_s = this.#last_ms === 0 ? 0 : Math.min(kStep_s_max, (now_ms - this.#last_ms) / 1000);
    this.#last_ms = now_ms;
    const grip = (handedness: XRHandedness): Group | null => {
      const hand = this.#hands.find(({ source }) => source?.handedness === handedness);
      return hand !== undefined && hand.grip.visible ? hand.grip : null;
    };
    const floor_m = this.#rig.position.y - (this.#lift_m ?? 0);
    const head = this.#stage.renderer.xr.getCamera().matrixWorld;
    const tracked = this.#body.read(head, floor_m, grip('left'), grip('right'));
    this.#company.headset = { tracked, heading_deg: this.#body.heading_deg, feet: new Vector3().setFromMatrixPosition(head).setY(floor_m) };
    this.#company.step(now_ms, step_s);
    this.#company.compose(this.#stage.camera, kNames_px, now_ms);
  }

  #frame(now_ms: number, session: XRSession): void {
    const { renderer, scene, camera, tiles, materials } = this.#stage;
    this.#read_sticks(session);
    const aiming = this.#hands.find((hand) => hand.aiming);
    if (aiming !== undefined) this.#aim(aiming.ray);
    this.#arc.visible = aiming !== undefined;
    this.#ring.visible = aiming !== undefined && this.#can_land;
    camera.near = 0.1;
    const head = renderer.xr.getCamera();
    tiles.stand_at(this.#rig.position);
    materials.uniforms.u_far_m.value = camera.far;
    tiles.update([head.cameras[0] ?? camera, renderer.domElement.width / 2, renderer.domElement.height]);
    this.#sit(this.#head_at().y - this.#rig.position.y);
    this.#meet();
    const light = materials.uniforms.u_exposure;
    const lit = light.value;
    if (now_ms < this.#blink_until_ms) light.value = lit * 0.02;
    renderer.render(scene, camera);
    light.value = lit;
    this.#remember();
  }

  /** Who sits sees the city from standing height all the same; found once, from the first frames. */
  #sit(head_m: number): void {
    if (this.#lift_m !== null || head_m < 0.3) return;
    this.#lift_m = head_m < kSeated_m ? kEyeHeight_m - head_m : 0;
    this.#rig.position.y += this.#lift_m;
    this.#rig.updateMatrixWorld(true);
  }

  #read_sticks(session: XRSession): void {
    const sources = [...session.inputSources].filter((source) => source.gamepad !== undefined);
    sources.forEach((source, index) => {
      const hand = this.#hands[index];
      const axes = source.gamepad!.axes;
      if (hand === undefined) return;
      const across = axes[2] ?? axes[0] ?? 0;
      const along = axes[3] ?? axes[1] ?? 0;
      if (!hand.turned && Math.abs(across) > kPushed) {
        this.#turn(across > 0 ? -kSnap_deg : kSnap_deg);
        hand.turned = true;
      } else if (Math.abs(across) < kReleased) {
        hand.turned = false;
      }
      if (along < -kPushed) hand.aiming = true;
      else if (hand.aiming && along > -kReleased && !source.gamepad!.buttons[0]?.pressed) {
        hand.aiming = false;
        this.#land();
      }
    });
  }

  /** About the head, not about the middle of the room. */
  #turn(by_deg: number): void {
    const head = this.#head_at();
    const from = this.#rig.position.clone().sub(head).setY(0);
    const turned = from.clone().applyAxisAngle(new Vector3(0, 1, 0), MathUtils.degToRad(by_deg));
    this.#rig.position.add(turned.sub(from));
    this.#rig.rotation.y += MathUtils.degToRad(by_deg);
    this.#rig.updateMatrixWorld(true);
    this.#blink();
  }

  /** Draws the flight of a thrown ball, and marks where it comes down if one can stand there. */
  #aim(ray: XRTargetRaySpace): void {
    const at = ray.getWorldPosition(new Vector3());
    const speed = new Vector3(0, 0, -1).transformDirection(ray.matrixWorld).multiplyScalar(kThrow_m_s);
    const points = this.#arc.geometry.getAttribute('position') as BufferAttribute;
    let landed = false;
    this.#can_land = false;
    for (let i = 0; i < kArcPoints; i++) {
      points.setXYZ(i, at.x, at.y, at.z);
      if (landed) continue;
      const before = at.clone();
      at.addScaledVector(speed, kArcStep_s);
      speed.y -= kGravity_m_s2 * kArcStep_s;
      const ground = this.#solid.height_at(at.x, before.y, at.z, 0.3);
      if (ground === null || at.y > ground) continue;
      landed = true;
      at.y = ground;
      this.#landing.copy(at);
      const stands = this.#solid.walk(this.#landing, 0, 0);
      this.#can_land = stands !== null && stands.distanceTo(this.#landing) < 0.5;
      if (stands !== null) this.#landing.copy(stands);
    }
    points.needsUpdate = true;
    this.#ring.position.copy(this.#landing).y += 0.03;
    this.#arc.material.color.set(this.#can_land ? 0x1d8496 : 0xa04030);
  }

  #land(): void {
    if (!this.#can_land) return;
    this.#can_land = false;
    const head = this.#head_at();
    this.#rig.position.set(
      this.#rig.position.x + this.#landing.x - head.x, this.#landing.y + (this.#lift_m ?? 0), this.#rig.position.z + this.#landing.z - head.z);
    this.#rig.updateMatrixWorld(true);
    this.#stage.spoil_shadows();
    this.#blink();
  }

  #blink(): void {
    this.#blink_until_ms = performance.now() + (this.#still ? 2 * kBlink_ms : kBlink_ms);
  }

  /** The head's place in the scene: three.js keeps it in the matrix alone, since the headset's camera has no parent. */
  #head_at(): Vector3 {
    return this.#head.setFromMatrixPosition(this.#stage.renderer.xr.getCamera().matrixWorld);
  }

  /** Keeps the pose of the screen at the visitor's head, so that taking the headset off changes nothing. */
  #remember(): void {
    this.#pose.eye.copy(this.#head_at());
    const ahead = new Vector3(0, 0, -1).transformDirection(this.#stage.renderer.xr.getCamera().matrixWorld);
    this.#pose.heading_deg = (MathUtils.radToDeg(Math.atan2(ahead.x, -ahead.z)) + 360) % 360;
    this.#pose.pitch_deg = 0;
  }

  #leave(): void {
    const { scene, camera } = this.#stage;
    const { x, y, z } = this.#pose.eye;
    this.#pose.eye.y = (this.#solid.height_at(x, y, z, 0) ?? y - kEyeHeight_m) + kEyeHeight_m;
    this.#company.headset = null;
    this.#body.dispose();
    this.#rig.remove(camera);
    scene.remove(this.#rig, this.#arc, this.#ring);
    this.#arc.geometry.dispose();
    this.#arc.material.dispose();
    this.#ring.geometry.dispose();
    this.#ring.material.dispose();
  }
}
