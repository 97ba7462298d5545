/** If treated as markup, it would load an image, run a script and change the title of the page. */
export const MARKUP = `<img src=x onerror="document.title='harmed'"></script><script>document.title='harmed'</script>`;
/** A shorter variant for short texts. */
export const SHORT_MARKUP = '<img src=x onerror=alert(1)>';
/** If followed, it would open a dialog. */
export const SCRIPT_LINK = 'javascript:alert(document.domain)';
/** A text with bidirectional controls that reverse its surroundings unless isolated. */
export const TURNED = '\u202Egnp.elif\u2067\u202B';
/** A text with NUL characters. */
export const NUL = 'nul\u0000nul';
/** Unpaired surrogates, which cannot be part of an address. */
export const HALVES = '\uD800half\uDFFF';
/** Much longer than a usual text. */
export const LONG = `long ${'x'.repeat(100_000)}`;
/** Colours and a link of a terminal, and a plain address. */
export const ANSI =
  '\u001B[31mred\u001B[0m \u001B]8;;https://evil.example/\u0007here\u001B]8;;\u0007 https://evil.example/a';
export const TEXTS = [MARKUP, SCRIPT_LINK, TURNED, NUL, HALVES, ANSI, LONG] as const;
/** Texts that ROS 2 can send: unpaired surrogates can only be sent as bytes. */
export const ROS_TEXTS = TEXTS.filter((text) => text.isWellFormed());

/** Addresses that lead away from a gateway, or run scripts. */
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
