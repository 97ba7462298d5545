/** Would load something, run something and change the title of a page, were it taken for markup. */
export const MARKUP = `<img src=x onerror="document.title='harmed'"></script><script>document.title='harmed'</script>`;
/** The same in few characters, for what is short. */
export const SHORT_MARKUP = '<img src=x onerror=alert(1)>';
/** Would open a dialog, were it followed. */
export const SCRIPT_LINK = 'javascript:alert(document.domain)';
/** A text that ends where it seems to begin, if nothing holds it. */
export const TURNED = '\u202Egnp.elif\u2067\u202B';
/** No character at all. */
export const NUL = 'nul\u0000nul';
/** Halves of characters, of which no address can be made. */
export const HALVES = '\uD800half\uDFFF';
/** More than anybody reads. */
export const LONG = `long ${'x'.repeat(100_000)}`;
/** Colours and a link of a terminal, and another one that is none. */
export const ANSI =
  '\u001B[31mred\u001B[0m \u001B]8;;https://evil.example/\u0007here\u001B]8;;\u0007 https://evil.example/a';
export const TEXTS = [MARKUP, SCRIPT_LINK, TURNED, NUL, HALVES, ANSI, LONG] as const;
/** Those that can be sent by ROS 2: halves of characters go as octets alone. */
export const ROS_TEXTS = TEXTS.filter((text) => text.isWellFormed());

/** Addresses that lead away from a gateway, or run. */
export const LINKS = [
  SCRIPT_LINK,
  'data:text/html,<script>alert(1)</script>',
  '//evil.example/a',
  'https://evil.example/api/v1/apps/evil',
  '\\\\evil.example\\a',
  '/\\evil.example',
  '/../../evil',
  '/api/v1/../../../evil',
  '/api/v1//evil.example',
] as const;
