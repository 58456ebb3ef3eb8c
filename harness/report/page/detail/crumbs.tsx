import { hrefOf, type Route } from '../route.ts';

export interface Crumb {
  readonly text: string;
  readonly to: Route;
}

/** The way back: run › chapter › clause. */
export function Crumbs({ way, here }: { readonly way: readonly Crumb[]; readonly here: string }) {
  return (
    <nav class="crumbs" aria-label="Where you are">
      <ol>
        <li>
          <a href={hrefOf({ at: 'overview' })}>Run</a>
        </li>
        {way.map(({ text, to }) => (
          <li key={text}>
            <a href={hrefOf(to)}>{text}</a>
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}
