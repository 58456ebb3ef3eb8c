import { useEffect, useState } from 'preact/hooks';

/** Where the reader is: in the hash, so that Back works and a place can be passed on as a link. */
export type Route =
  | { readonly at: 'overview' }
  | { readonly at: 'chapter'; readonly chapter: string }
  | { readonly at: 'clause'; readonly clause: string }
  | { readonly at: 'scenario'; readonly scenario: string; readonly attempt?: number; readonly finding?: number };

export function hrefOf(route: Route): string {
  switch (route.at) {
    case 'overview':
      return '#/';
    case 'chapter':
      return `#/chapter/${encodeURIComponent(route.chapter)}`;
    case 'clause':
      return `#/clause/${encodeURIComponent(route.clause)}`;
    default: {
      const parts = [route.scenario, route.attempt, route.finding].filter((part) => part !== undefined);
      return `#/scenario/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
    }
  }
}

export function parseRoute(hash: string): Route {
  const [place, subject, attempt, finding] = hash.replace(/^#\/?/u, '').split('/').map(decode);
  if (subject === undefined || subject === '') return { at: 'overview' };
  if (place === 'chapter') return { at: 'chapter', chapter: subject };
  if (place === 'clause') return { at: 'clause', clause: subject };
  if (place !== 'scenario') return { at: 'overview' };
  return {
    at: 'scenario',
    scenario: subject,
    ...(attempt === undefined ? {} : { attempt: Number(attempt) }),
    ...(finding === undefined ? {} : { finding: Number(finding) }),
  };
}

/** A hash that somebody typed may be badly encoded. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return parseRoute(hash);
}
