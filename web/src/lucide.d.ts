// The icons that vite.config.ts makes from lucide-static: the inside of a 24 × 24 SVG.
declare module 'lucide:*' {
  const inside: string;
  export default inside;
}
