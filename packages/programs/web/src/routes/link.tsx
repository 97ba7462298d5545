import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { BASE_PATH } from './base-path.ts';
import { goTo } from './location.ts';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** An address made by `addressOf` or `pageOfHref`: nothing that came from elsewhere. */
  readonly to: string;
}

/** A link to another of these pages. A click with a modifier opens it as browsers do. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    goTo(to);
  };
  return <a href={BASE_PATH + to} onClick={follow} {...rest} />;
}
