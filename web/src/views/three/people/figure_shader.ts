// Figures in GLSL: each point carried by two bones of its person, lit like everything that stands in the model.
import { kLight } from '../city_shader';
import { kBones, kRoles } from './figure_mesh';

/** Texels a person: three a bone, then one a colour. */
export const kBoneTexels = kBones.length * 3;
export const kColours = kRoles.length - 1;
export const kTexels = kBoneTexels + kColours;

/** Same outputs as the city's solid vertex shader, so that its fragment shader lights figures too. */
export const kFigureVertex = /* glsl */ `
${kLight}
in vec3 color;
in vec4 carried;
in float person;
uniform highp sampler2D u_people;
uniform float u_far_m;
uniform float u_lamps;
#ifdef PIXEL_LIT
out vec3 v_point;
out vec3 v_normal;
out vec4 v_colour;
#else
out vec3 v_colour;
#endif
#ifdef FADES
flat out float v_here;
#endif

mat3x4 bone(int person_row, float index) {
  int at = int(index) * 3;
  return mat3x4(texelFetch(u_people, ivec2(at, person_row), 0), texelFetch(u_people, ivec2(at + 1, person_row), 0),
                texelFetch(u_people, ivec2(at + 2, person_row), 0));
}

void main() {
  int row = int(person);
  mat3x4 carries = bone(row, carried.x);
  if (carried.z > 0.5) {
    float share = carried.z / 255.0;
    mat3x4 other = bone(row, carried.y);
    carries = mat3x4(mix(carries[0], other[0], share), mix(carries[1], other[1], share), mix(carries[2], other[2], share));
  }
  vec3 point = vec4(position, 1.0) * carries;
  vec3 facing = normalize(vec4(normal, 0.0) * carries);
  vec3 albedo = color;
  if (carried.w < ${(kRoles.length - 1.5).toFixed(1)}) albedo *= texelFetch(u_people, ivec2(${kBoneTexels} + int(carried.w), row), 0).rgb;
  // People are what one looks for: at night they stand in a little lamplight.
  albedo *= mix(vec3(1.0), vec3(4.6, 3.8, 3.0), u_lamps);
  vec3 ray = point - cameraPosition;
  float distance_m = length(ray);
  float rim = clamp(distance_m / u_far_m * 3.6 - 2.6, 0.0, 1.0);
#ifdef PIXEL_LIT
  v_colour = vec4(albedo, max(1.0 - exp(-distance_m * u_haze_per_m), rim * rim * (3.0 - 2.0 * rim)));
  v_point = point;
  v_normal = facing;
#else
  float thin = distance_m * u_haze_per_m;
  v_colour = to_screen_quick(mix(albedo * surface_light(facing, 1.0), u_horizon, max(thin / (1.0 + thin), rim)));
#endif
#ifdef FADES
  v_here = texelFetch(u_people, ivec2(${kBoneTexels}, row), 0).a;
#endif
  gl_Position = projectionMatrix * viewMatrix * vec4(point, 1.0);
}
`;

/** For whoever comes too near: how much of them is shown stands beside their first colour. */
export const kFadingFigureVertex = `#define FADES\n${kFigureVertex}`;
