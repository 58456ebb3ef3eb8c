import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { adviseOn } from '../release-advice.ts';
import type { PageData } from '../page-data.ts';
import { ChapterPage } from './detail/chapter-page.tsx';
import { ClausePage } from './detail/clause-page.tsx';
import { ScenarioPage } from './detail/scenario-page.tsx';
import { Overview } from './overview/overview.tsx';
import { ThemeSwitch } from './parts/theme-switch.tsx';
import { hrefOf, type Route, useRoute } from './route.ts';

type DetailRoute = Exclude<Route, { readonly at: 'overview' }>;

export function App({ data }: { readonly data: PageData }) {
  const { module } = data.record;
  const advice = adviseOn(data.record);
  const route = useRoute();
  const main = useMovedFocus(route);
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to content
      </a>
      <header class="bar">
        <a class={`home ${advice.tone}`} href={hrefOf({ at: 'overview' })}>
          <span class="dot" aria-hidden="true" />
          <b>{module.sku}</b> <span class="revision">{module.revision}</span>
        </a>
        <ThemeSwitch />
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        {/* Kept while the reader looks at evidence: what was open stays open. */}
        <div hidden={route.at !== 'overview'}>
          <Overview data={data} />
        </div>
        {route.at === 'overview' ? null : <Place route={route} data={data} />}
      </main>
      <footer>
        ql-mqtt-hil {data.record.harness.version}
        {data.record.harness.commit === null ? '' : ` (${data.record.harness.commit.slice(0, 12)})`} on{' '}
        {data.record.host.platform}, Node {data.record.host.node}
      </footer>
    </>
  );
}

function Place({ route, data }: { readonly route: DetailRoute; readonly data: PageData }) {
  switch (route.at) {
    case 'chapter':
      return <ChapterPage data={data} name={route.chapter} />;
    case 'clause':
      return <ClausePage data={data} clause={route.clause} />;
    default:
      return <ScenarioPage data={data} place={route} />;
  }
}

/** A place of its own begins at its top, for the eye, the keyboard and a screen reader; the overview is found again where it was left. */
function useMovedFocus(route: Route) {
  const main = useRef<HTMLElement>(null);
  const overviewY = useRef(0);
  const place = route.at === 'scenario' ? `scenario ${route.scenario}` : JSON.stringify(route);
  const last = useRef(place);
  useEffect(() => {
    if (route.at !== 'overview') return undefined;
    const remember = () => {
      overviewY.current = scrollY;
    };
    addEventListener('scroll', remember, { passive: true });
    return () => removeEventListener('scroll', remember);
  }, [route.at]);
  useLayoutEffect(() => {
    if (last.current === place) return;
    last.current = place;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, route.at === 'overview' ? overviewY.current : 0);
  }, [place]);
  return main;
}
