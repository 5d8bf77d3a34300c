// What ties figures to the ground: a soft spot under the feet, and the shadow of a standing body away from the sun.
import { DynamicDrawUsage, InstancedMesh, Matrix4, PlaneGeometry, ShaderMaterial, Vector3 } from 'three';
import { kOrder, type CityMaterials } from '../city_materials';

/** Over the ground that may be a little higher than the feet. */
const kLift_m = 0.035;
const kLength_m_max = 2.2;
const kWide_m = 0.85;
const kCountMax = 160;

const kVertex = /* glsl */ `
out vec2 v_at;
out float v_far;
void main() {
  v_at = vec2(position.x * 2.0, position.z + 0.5);
  vec4 point = instanceMatrix * vec4(position, 1.0);
  v_far = length(point.xyz - cameraPosition);
  gl_Position = projectionMatrix * viewMatrix * point;
}
`;
/** v_at.y: 0 at one end behind the feet, 1 at the tip; u_foot is where the feet are on that way. */
const kFragment = /* glsl */ `
uniform float u_foot;
uniform float u_cast;
uniform float u_length;
in vec2 v_at;
in float v_far;
void main() {
  float along = v_at.y - u_foot;
  float across = v_at.x * ${(kWide_m / 2).toFixed(3)};
  float metres = along * u_length;
  float spot = exp(-dot(vec2(across, metres), vec2(across, metres)) * 16.0);
  float reach = clamp(along / (1.0 - u_foot), 0.0, 1.0);
  float body = exp(-across * across * mix(70.0, 40.0, reach)) * smoothstep(-0.02, 0.06, along) * (1.0 - reach * reach);
  float dark = max(spot * 0.42, body * u_cast * 0.36);
  gl_FragColor = vec4(0.05, 0.06, 0.1, dark * clamp(2.0 - v_far / 60.0, 0.0, 1.0));
}
`;

export class GroundShadow {
  readonly mesh: InstancedMesh<PlaneGeometry, ShaderMaterial>;
  readonly #uniforms = { u_foot: { value: 0.5 }, u_cast: { value: 0 }, u_length: { value: 1 } };
  readonly #materials: CityMaterials;
  readonly #turn = new Matrix4();
  readonly #matrix = new Matrix4();
  readonly #size = new Vector3();
  #length_m = 1;
  #behind_m = 0.5;

  constructor(materials: CityMaterials) {
    this.#materials = materials;
    const material = new ShaderMaterial({
      uniforms: this.#uniforms, vertexShader: kVertex, fragmentShader: kFragment,
      transparent: true, depthWrite: false, polygonOffset: true, polygonOffsetFactor: -2, polygonOffsetUnits: -16,
    });
    this.mesh = new InstancedMesh(new PlaneGeometry(1, 1).rotateX(-Math.PI / 2), material, kCountMax);
    this.mesh.instanceMatrix.setUsage(DynamicDrawUsage);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = kOrder.tint + 1;
    this.mesh.raycast = () => {};
  }

  /** Before the figures of a picture: where the sun is now. */
  begin(): void {
    const sun = this.#materials.uniforms.u_sun_direction.value;
    const up = Math.max(0.02, sun.y);
    const cast = this.#materials.uniforms.u_sun.value.r;
    const flat = Math.hypot(sun.x, sun.z);
    this.#length_m = cast > 0.05 ? Math.min(kLength_m_max, (1.6 * flat) / up) : 0;
    this.#behind_m = 0.42;
    const whole_m = this.#behind_m + Math.max(0.42, this.#length_m);
    this.#uniforms.u_foot.value = this.#behind_m / whole_m;
    this.#uniforms.u_length.value = whole_m;
    this.#uniforms.u_cast.value = Math.min(1, cast / 1.5);
    // The quad's own +z becomes the way away from the sun.
    this.#turn.makeRotationY(flat < 1e-6 ? 0 : Math.atan2(-sun.x, -sun.z));
    this.mesh.count = 0;
  }

  add(feet: Vector3): void {
    if (this.mesh.count >= kCountMax) return;
    const whole_m = this.#uniforms.u_length.value;
    this.#matrix.copy(this.#turn).scale(this.#size.set(kWide_m, 1, whole_m));
    const e = this.#turn.elements;
    const shift = whole_m / 2 - this.#behind_m;
    this.#matrix.setPosition(feet.x + e[8]! * shift, feet.y + kLift_m, feet.z + e[10]! * shift);
    this.mesh.setMatrixAt(this.mesh.count++, this.#matrix);
  }

  end(): void {
    this.mesh.visible = this.mesh.count > 0;
    if (this.mesh.visible) this.mesh.instanceMatrix.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.mesh.dispose();
  }
}
