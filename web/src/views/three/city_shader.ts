// The look in GLSL: white card, stone ground, water and trees under one sun, lit per vertex on weak machines and per pixel on strong ones.

/** Shared by all materials: sky, haze and the curve from light to screen. */
export const kLight = /* glsl */ `
uniform vec3 u_sun_direction;
uniform vec3 u_sun;
uniform vec3 u_sky;
uniform vec3 u_ground;
uniform vec3 u_zenith;
uniform vec3 u_horizon;
uniform vec3 u_glow;
uniform float u_exposure;
uniform float u_haze_per_m;

vec3 sky_light(vec3 ray) {
  float up = max(ray.y, 0.0);
  vec3 sky = mix(u_zenith, u_horizon, exp(-up * 4.2));
  float near_sun = max(dot(ray, u_sun_direction), 0.0);
  float near_2 = near_sun * near_sun;
  float near_8 = near_2 * near_2 * near_2 * near_2;
  return sky + u_glow * (0.28 * near_8 * exp(-up * 2.0) + 0.5 * pow(near_8, 12.0));
}

vec3 haze_light(vec3 ray) {
  return sky_light(normalize(vec3(ray.x, 0.03 + 0.15 * max(ray.y, 0.0), ray.z)));
}

vec3 surface_light(vec3 normal, float sun_share) {
  vec3 ambient = mix(u_ground, u_sky, normal.y * 0.5 + 0.5);
  return ambient + u_sun * (max(dot(normal, u_sun_direction), 0.0) * sun_share);
}

vec3 to_screen(vec3 light) {
  vec3 c = 1.0 - exp(-light * u_exposure);
  return mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}

// The same curve in square roots, for vertices on a processor without graphics chip; within 0.011 of it.
vec3 to_screen_quick(vec3 light) {
  vec3 c = 1.0 - exp(-light * u_exposure);
  vec3 root = sqrt(c);
  vec3 root_4 = sqrt(root);
  return 0.585122381 * root + 0.783140355 * root_4 - 0.368262736 * sqrt(root_4);
}
`;

const kSunShadow = /* glsl */ `
uniform mat4 u_shadow_near;
uniform mat4 u_shadow_far;
uniform highp sampler2DShadow u_shadow_near_map;
uniform highp sampler2DShadow u_shadow_far_map;
uniform vec4 u_shadow_texel;

float soft_shadow(highp sampler2DShadow map, vec3 at, float radius) {
  float turn = 6.2832 * fract(52.9829189 * fract(dot(floor(gl_FragCoord.xy), vec2(0.06711056, 0.00583715))));
  mat2 spin = mat2(cos(turn), sin(turn), -sin(turn), cos(turn)) * radius;
  float lit = texture(map, vec3(at.xy + spin * vec2(-0.326, -0.406), at.z));
  lit += texture(map, vec3(at.xy + spin * vec2(-0.840, -0.074), at.z));
  lit += texture(map, vec3(at.xy + spin * vec2(-0.696, 0.457), at.z));
  lit += texture(map, vec3(at.xy + spin * vec2(-0.203, 0.621), at.z));
  lit += texture(map, vec3(at.xy + spin * vec2(0.962, -0.195), at.z));
  lit += texture(map, vec3(at.xy + spin * vec2(0.473, -0.480), at.z));
  lit += texture(map, vec3(at.xy + spin * vec2(0.519, 0.767), at.z));
  lit += texture(map, vec3(at.xy + spin * vec2(0.185, -0.893), at.z));
  return lit * 0.125;
}

float sun_share(vec3 point, vec3 normal) {
  float slope = clamp(1.0 - dot(normal, u_sun_direction), 0.0, 1.0);
  vec3 near_at = (u_shadow_near * vec4(point + normal * u_shadow_texel.y * (0.6 + 1.6 * slope), 1.0)).xyz;
  vec3 from_middle = abs(near_at - 0.5);
  if (max(from_middle.x, max(from_middle.y, from_middle.z)) < 0.485) {
    return soft_shadow(u_shadow_near_map, near_at, u_shadow_texel.x * 1.7);
  }
  vec3 far_at = (u_shadow_far * vec4(point + normal * u_shadow_texel.w * (0.6 + 1.6 * slope), 1.0)).xyz;
  from_middle = abs(far_at - 0.5);
  if (max(from_middle.x, max(from_middle.y, from_middle.z)) < 0.495) {
    return soft_shadow(u_shadow_far_map, far_at, u_shadow_texel.z * 1.2);
  }
  return 1.0;
}
`;

/** Lamps behind windows on a grid of storeys and bays; which are lit follows the object, the cell, the use and the hour. */
const kWindows = /* glsl */ `
uniform float u_lamps;
uniform vec4 u_lit_share;

float hash(vec3 p) {
  p = fract(p * vec3(0.1031, 0.1030, 0.0973));
  p += dot(p, p.yxz + 33.33);
  return fract((p.x + p.y) * p.z);
}

vec3 window_light(vec3 point, vec3 normal, float object, float use) {
  if (abs(normal.y) > 0.3) return vec3(0.0);
  vec2 along = normalize(vec2(-normal.z, normal.x));
  float own = hash(vec3(object, 7.0, 3.0));
  vec2 at = vec2(dot(point.xz, along) / (2.2 + own), (point.y + own * 3.0) / 3.1);
  vec2 cell = floor(at);
  vec2 within = at - cell;
  vec2 blur = fwidth(at);
  vec2 low = smoothstep(vec2(0.27, 0.30) - blur, vec2(0.27, 0.30) + blur, within);
  vec2 high = 1.0 - smoothstep(vec2(0.73, 0.78) - blur, vec2(0.73, 0.78) + blur, within);
  float pane = low.x * low.y * high.x * high.y;
  float share = use < 0.5 ? u_lit_share.x : use < 1.5 ? u_lit_share.y : use < 2.5 ? u_lit_share.z : u_lit_share.w;
  float dice = hash(vec3(cell + 0.5, object + dot(along, vec2(17.0, 31.0))));
  float far = smoothstep(0.35, 0.9, max(blur.x, blur.y));
  float lit = mix(step(dice, share) * pane, share * 0.23, far);
  float warmth = hash(vec3(cell.yx, object + 5.0));
  vec3 lamp = mix(vec3(1.0, 0.56, 0.22), vec3(1.0, 0.83, 0.6), use > 0.5 && use < 1.5 ? 0.6 + 0.4 * warmth : warmth);
  return lamp * (lit * u_lamps * (0.5 + 0.9 * warmth));
}
`;

/** Defines: PIXEL_LIT, SUN_SHADOW (needs PIXEL_LIT), WINDOWS, DECODE_SRGB. */
export const kSolidVertex = /* glsl */ `
${kLight}
in vec4 color;
#ifdef WINDOWS
in float _feature_id_0;
in float window_use;
flat out float v_object;
flat out float v_use;
#endif
#if defined(PIXEL_LIT) || defined(WINDOWS)
out vec3 v_point;
out vec3 v_normal;
#endif
#if defined(PIXEL_LIT) || defined(WINDOWS)
out vec4 v_colour;
#else
out vec3 v_colour;
#endif
uniform float u_far_m;

void main() {
  vec4 local = vec4(position, 1.0);
  vec3 normal_local = normal;
#ifdef USE_INSTANCING
  local = instanceMatrix * local;
  normal_local = mat3(instanceMatrix) * normal_local;
#endif
  vec4 point = modelMatrix * local;
  vec3 facing = normalize(mat3(modelMatrix) * normal_local);
  vec3 ray = point.xyz - cameraPosition;
  float distance_m = length(ray);
  vec3 albedo = color.rgb;
  float rim = clamp(distance_m / u_far_m * 3.6 - 2.6, 0.0, 1.0);
#ifdef PIXEL_LIT
  v_colour = vec4(albedo, max(1.0 - exp(-distance_m * u_haze_per_m), rim * rim * (3.0 - 2.0 * rim)));
#else
  float thin = distance_m * u_haze_per_m;
  float haze = max(thin / (1.0 + thin), rim);
  vec3 light = mix(albedo * surface_light(facing, 1.0), u_horizon, haze);
#ifdef WINDOWS
  v_colour = vec4(light, haze);
#else
  v_colour = to_screen_quick(light);
#endif
#endif
#if defined(PIXEL_LIT) || defined(WINDOWS)
  v_point = point.xyz;
  v_normal = facing;
#endif
#ifdef WINDOWS
  v_object = _feature_id_0;
  v_use = window_use;
#endif
  gl_Position = projectionMatrix * viewMatrix * point;
}
`;

/** 16 thresholds from 1/32 to 31/32, spread evenly over 4 × 4 pixels. Source: Bayer 1973, ordered dither. */
const kOrderedThreshold = /* glsl */ `
float ordered_threshold(ivec2 at) {
  ivec2 odd = at & 1;
  ivec2 half_odd = (at >> 1) & 1;
  int fine = ((odd.x ^ odd.y) << 1) | odd.y;
  int coarse = ((half_odd.x ^ half_odd.y) << 1) | half_odd.y;
  return (float((fine << 2) | coarse) + 0.5) / 16.0;
}
`;

export const kSolidFragment = /* glsl */ `
${kLight}
#ifdef SUN_SHADOW
${kSunShadow}
#endif
#ifdef WINDOWS
${kWindows}
flat in float v_object;
flat in float v_use;
#endif
#if defined(PIXEL_LIT) || defined(WINDOWS)
in vec3 v_point;
in vec3 v_normal;
#endif
#if defined(PIXEL_LIT) || defined(WINDOWS)
in vec4 v_colour;
#else
in vec3 v_colour;
#endif
#ifdef FADES
flat in float v_here;
${kOrderedThreshold}
#endif

void main() {
#ifdef FADES
  if (v_here < ordered_threshold(ivec2(gl_FragCoord.xy))) discard;
#endif
#if !defined(PIXEL_LIT) && !defined(WINDOWS)
  gl_FragColor = vec4(v_colour, 1.0);
#else
  vec3 normal = normalize(v_normal);
#ifdef PIXEL_LIT
  float share = 1.0;
#ifdef SUN_SHADOW
  share = dot(normal, u_sun_direction) > 0.0 && u_sun.r > 0.0 ? sun_share(v_point, normal) : 0.0;
#endif
  vec3 light = v_colour.rgb * surface_light(normal, share);
#else
  vec3 light = v_colour.rgb;
#endif
#ifdef WINDOWS
  vec3 lamp = window_light(v_point, normal, v_object, v_use);
#ifdef PIXEL_LIT
  light += lamp;
#else
  light += lamp * (1.0 - v_colour.a);
#endif
#endif
#ifdef PIXEL_LIT
  light = mix(light, haze_light(normalize(v_point - cameraPosition)), v_colour.a);
  float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
  gl_FragColor = vec4(to_screen(light) + grain / 255.0, 1.0);
#else
  gl_FragColor = vec4(to_screen(light), 1.0);
#endif
#endif
}
`;

/** Leaves out pixels in a fine pattern, so that what stands behind is seen through it: no sorting, no blending. */
export const kFadingFragment = `#define FADES\n${kSolidFragment}`;

export const kWaterVertex = /* glsl */ `
out vec3 v_point;
void main() {
  vec4 point = modelMatrix * vec4(position, 1.0);
  v_point = point.xyz;
  gl_Position = projectionMatrix * viewMatrix * point;
}
`;

/** Still water: what stands above it is the sky, so it mirrors the sky; it does not move, so nothing has to be drawn again. */
export const kWaterFragment = /* glsl */ `
${kLight}
#ifdef SUN_SHADOW
${kSunShadow}
#endif
uniform vec3 u_water;
uniform float u_far_m;
in vec3 v_point;

void main() {
  vec3 ray = v_point - cameraPosition;
  float distance_m = length(ray);
  ray /= distance_m;
  vec3 normal = vec3(0.0, 1.0, 0.0);
#ifdef PIXEL_LIT
  vec2 p = v_point.xz;
  vec2 bend = vec2(sin(p.y * 0.013 + 1.3 * sin(p.x * 0.007)), sin(p.x * 0.011 - 1.7 * sin(p.y * 0.009)));
  vec2 q = p + bend * 14.0;
  vec2 tilt = vec2(sin(dot(q, vec2(0.21, 0.07))) + 0.6 * sin(dot(q, vec2(-0.34, 0.53))) + 0.35 * sin(dot(q, vec2(1.13, 0.71))),
                   sin(dot(q, vec2(-0.05, 0.24))) + 0.6 * sin(dot(q, vec2(0.47, 0.39))) + 0.35 * sin(dot(q, vec2(-0.83, 1.21))));
  float calm = 0.012 / (1.0 + distance_m * 0.006);
  normal = normalize(vec3(tilt.x * calm, 1.0, tilt.y * calm));
#endif
  vec3 mirrored = reflect(ray, normal);
  mirrored.y = abs(mirrored.y);
  float facing = max(dot(-ray, normal), 0.0);
  float away = 1.0 - facing;
  float away_2 = away * away;
  float mirror = 0.06 + 0.94 * away_2 * away_2 * away;
  float share = 1.0;
#ifdef SUN_SHADOW
  share = sun_share(v_point, vec3(0.0, 1.0, 0.0));
#endif
  vec3 deep = u_water * (0.5 + 0.22 * share);
  vec3 light = mix(deep, sky_light(mirrored), mirror);
#ifdef PIXEL_LIT
  light += u_sun * (share * 0.6 * pow(max(dot(mirrored, u_sun_direction), 0.0), 420.0));
#endif
  float haze = max(1.0 - exp(-distance_m * u_haze_per_m), smoothstep(0.72, 1.0, distance_m / u_far_m));
#ifdef PIXEL_LIT
  gl_FragColor = vec4(to_screen(mix(light, haze_light(ray), haze)), 1.0);
#else
  gl_FragColor = vec4(to_screen_quick(mix(light, u_horizon, haze)), 1.0);
#endif
}
`;

export const kSkyVertex = /* glsl */ `
${kLight}
out vec3 v_ray;
out vec3 v_colour;
void main() {
  v_ray = position;
  v_colour = to_screen(sky_light(normalize(position)));
  vec4 at = projectionMatrix * vec4(mat3(viewMatrix) * position, 1.0);
  gl_Position = at.xyww;
}
`;

export const kSkyFragment = /* glsl */ `
${kLight}
in vec3 v_ray;
in vec3 v_colour;
void main() {
#ifdef PIXEL_LIT
  vec3 ray = normalize(v_ray);
  vec3 light = sky_light(ray);
  float towards = dot(ray, u_sun_direction);
  light += u_sun * smoothstep(0.99985, 0.99993, towards) * 4.0;
  float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
  gl_FragColor = vec4(to_screen(light) + grain / 255.0, 1.0);
#else
  gl_FragColor = vec4(v_colour, 1.0);
#endif
}
`;

/** What is selected or pointed at: the same triangles once more, tinted. */
export const kTintVertex = /* glsl */ `
void main() {
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}
`;
export const kTintFragment = /* glsl */ `
uniform vec4 u_tint;
void main() {
  gl_FragColor = u_tint;
}
`;

export const kDepthVertex = /* glsl */ `
void main() {
  vec4 local = vec4(position, 1.0);
#ifdef USE_INSTANCING
  local = instanceMatrix * local;
#endif
  gl_Position = projectionMatrix * modelViewMatrix * local;
}
`;
export const kDepthFragment = 'void main() { gl_FragColor = vec4(1.0); }';
