// How loud a voice is: by its loudest moment, so that a short syllable counts as one.

/** About 10 ms at usual rates. */
const kPart_samples = 512;

/** The root mean square of the loudest part of a wave of samples from -1 to 1. */
export function loudest_part(wave: Float32Array): number {
  let loudest = 0;
  for (let at = 0; at < wave.length; at += kPart_samples) {
    const part = wave.subarray(at, at + kPart_samples);
    loudest = Math.max(loudest, part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  }
  return Math.sqrt(loudest);
}
