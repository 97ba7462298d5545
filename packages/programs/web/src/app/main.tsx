import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from '../gateway/gateway.ts';
import { reloadForNewPages } from '../gateway/new-pages.ts';
import { openLive } from '../live/live-stream.ts';
import { refreshOnEvents } from '../live/query-refresh.ts';
import { loadTexts } from '../texts/texts.ts';
import '../themes/tokens.css';
import '../themes/base.css';
import { showTheme } from '../themes/theme.ts';
import { Shell } from './shell.tsx';

// After an upgrade of the gateway, chunks of the previously loaded pages no longer exist.
addEventListener('vite:preloadError', () => void reloadForNewPages());
showTheme();
// Not a top-level `await`: the file of another language imports this one, and would wait for it forever.
void loadTexts().then(() => {
  openLive();
  refreshOnEvents();
  createRoot(document.getElementById('app')!).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Shell />
      </QueryClientProvider>
    </StrictMode>,
  );
});
