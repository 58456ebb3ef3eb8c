import { hrefOf } from '../route.ts';

export function ClauseLink({ clause }: { readonly clause: string }) {
  return (
    <a class="code" href={hrefOf({ at: 'clause', clause })}>
      {clause}
    </a>
  );
}

export function ScenarioLink({
  scenario,
  attempt,
  finding,
}: {
  readonly scenario: string;
  readonly attempt?: number | undefined;
  readonly finding?: number | undefined;
}) {
  const place = {
    ...(attempt === undefined ? {} : { attempt }),
    ...(finding === undefined ? {} : { finding }),
  };
  return (
    <a class="code" href={hrefOf({ at: 'scenario', scenario, ...place })}>
      {scenario}
    </a>
  );
}
