import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const API = process.env['QUANTHYBRID_API'] ?? 'http://127.0.0.1:8420';

/** The dashboard: one page, every file of it under its own origin, so that a content security policy of 'self' holds. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: path.join(import.meta.dirname, '../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // A file turned into a data: address would need the policy to permit that.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: { proxy: { '/api': { target: API, ws: true } } },
});
