// How the client is built. The node serves web/dist; in development /api and /tiles go to a node at CITIVERSE_URL.
import { createHash } from 'node:crypto';
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

/** Writes sw.js with the names of the files that the text view needs, and a version that changes when any of them does. */
function service_worker(): Plugin {
  return {
    name: 'citiverse-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry);
      const needed = new Set<string>();
      const add = (name: string): void => {
        const file = bundle[name];
        if (!file || needed.has(name)) return;
        needed.add(name);
        if (file.type !== 'chunk') return;
        for (const other of file.imports) add(other);
        for (const style of file.viteMetadata?.importedCss ?? []) add(style);
        // The pictures and their engines, and what needs the node anyway, are kept once they were used; everything else in words is kept at once.
        for (const other of file.dynamicImports) {
          const target = bundle[other];
          if (target?.type === 'chunk' && !/views[\\/](map|three)[\\/]|src[\\/]account[\\/]|messages[\\/]\w+[\\/]/.test(target.facadeModuleId ?? '') && !/fonts\.css/.test(target.facadeModuleId ?? '')) add(other);
        }
      };
      if (entry) add(entry.fileName);
      const files = ['/', '/manifest.webmanifest', '/icons/icon.svg', ...[...needed].sort().map((name) => `/${name}`)];
      const source = readFileSync(new URL('./src/sw.js', import.meta.url), 'utf8');
      const version = createHash('sha256').update(files.join() + source + readFileSync(new URL('./index.html', import.meta.url), 'utf8')).digest('hex').slice(0, 12);
      const written = source.replace("'__VERSION__'", JSON.stringify(version)).replace("'__FILES__'", files.map((name) => JSON.stringify(name)).join(', '));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: written });
    },
  };
}

export default defineConfig({
  plugins: [lucide(), svelte(), service_worker()],
  build: {
    target: 'es2022',
    // Inlined files would need data: in the policy for scripts and fonts, and would be loaded by those who never use them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // MapLibre and three.js are single parts of this size; both load only when their view is asked for.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // What the page and its views share is one file, instead of small ones with a request each.
        codeSplitting: { groups: [{ name: 'shell', test: /node_modules\/svelte\/|vite\/preload-helper|src\/lib\/(?!facts|hours|offline|word_parts)|src\/app\/(icon|thing_row)/ }] },
        // Many web servers do not know .mjs; a worker is only started from a script's media type.
        assetFileNames: (file) => (file.names[0]?.endsWith('.mjs') ? 'assets/[name]-[hash].js' : 'assets/[name]-[hash][extname]'),
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': node_url, '/tiles': node_url } },
  preview: { proxy: { '/api': node_url, '/tiles': node_url } },
  // Machines for tests are shared: a slow second is no fault.
  test: { include: ['src/**/*.test.ts'], testTimeout: 60_000 },
});
