// How the client is built. The node serves web/dist; in development /api and /tiles go to a node at CITIVERSE_URL.
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const node_url = process.env['CITIVERSE_URL'] ?? 'http://127.0.0.1:8080';

/** `import path from 'lucide:map'` gives the inside of that icon's SVG: only icons that are used reach the browser. */
function lucide(): Plugin {
  const folder = new URL('./node_modules/lucide-static/icons/', import.meta.url);
  return {
    name: 'citiverse-lucide',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith('lucide:') ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith('\0lucide:')) return null;
      const svg = readFileSync(new URL(`${id.slice(8)}.svg`, folder), 'utf8');
      const inside = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
      return `export default ${JSON.stringify(inside.replace(/\s+/g, ' ').replaceAll(' />', '/>').trim())}`;
    },
  };
}

export default defineConfig({
  plugins: [lucide(), svelte()],
  build: {
    target: 'es2022',
    // Inlined files would need data: in the policy for scripts and fonts, and would be loaded by those who never use them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // MapLibre and three.js are single parts of this size; both load only when their view is asked for.
    chunkSizeWarningLimit: 1200,
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': node_url, '/tiles': node_url } },
  preview: { proxy: { '/api': node_url, '/tiles': node_url } },
  test: { include: ['src/**/*.test.ts'] },
});
