const URL_SHAPE = /^(?:(?<scheme>[a-z]+):\/\/)?(?<host>\[[^\]]*\]|[^:/]*)(?::(?<port>\d+))?/;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { mqtt: 1883, mqtts: 8883 };

/** The port that a connect call's host names, or that its scheme implies. */
export function findPort(host: string): number | undefined {
  const { scheme, port } = URL_SHAPE.exec(host)?.groups ?? {};
  return port === undefined ? DEFAULT_PORTS[scheme ?? 'mqtt'] : Number(port);
}
