const THEME = 'medkit.theme';
const DENSITY = 'medkit.density';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const DENSITIES = ['comfortable', 'dense'] as const;
export type Density = (typeof DENSITIES)[number];

function chosen<T extends string>(name: string, among: readonly T[]): T {
  const stored = localStorage.getItem(name) as T | null;
  return stored !== null && among.includes(stored) ? stored : among[0]!;
}

export const theme = (): Theme => chosen(THEME, THEMES);
export const density = (): Density => chosen(DENSITY, DENSITIES);

const listeners = new Set<() => void>();

/** Applies the chosen theme and density. */
export function showTheme(): void {
  document.documentElement.dataset['theme'] = theme();
  document.documentElement.dataset['density'] = density();
  for (const listener of listeners) listener();
}

export function chooseTheme(next: Theme): void {
  localStorage.setItem(THEME, next);
  showTheme();
}

export function chooseDensity(next: Density): void {
  localStorage.setItem(DENSITY, next);
  showTheme();
}

/** Calls the listener when colours change, so that canvases can be redrawn. */
export function onTheme(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', listener);
  listeners.add(listener);
  return () => {
    media.removeEventListener('change', listener);
    listeners.delete(listener);
  };
}

/**
 * Returns a colour of the current theme for a canvas, in a format of the browser such as `#rrggbb`: `token('--ink')`.
 */
export function token(name: `--${string}`): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
