// How the client is built. The node serves web/dist; in development /api and /tiles go to a node at CITIVERSE_URL.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const node_url = process.env['CITIVERSE_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
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
