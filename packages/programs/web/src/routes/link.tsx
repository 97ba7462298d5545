import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { BASE_PATH } from './base-path.ts';
import { goTo } from './location.ts';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** An address from `addressOf` or `pageOfHref`, never from other sources. */
  readonly to: string;
}

/** A link to another page of the application. Clicks with a modifier key keep their native behaviour. */
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
