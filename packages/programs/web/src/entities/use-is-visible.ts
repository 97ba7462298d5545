import { type RefObject, useEffect, useState } from 'react';

/** Distance to the viewport at which a row already counts as visible. */
const MARGIN = '120px';

/** Returns whether an element is in the visible part of the page. */
export function useIsVisible(ref: RefObject<Element | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: MARGIN,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return isSeen;
}
