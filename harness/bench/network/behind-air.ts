/** The descriptor by which a module's process holds the air. */
const AIR_FD = 9;

/**
 * Two namespaces without a name: the air, between the host and the module, which the module's process holds by a descriptor alone, and the
 * module's own. Both are gone, with their interfaces, when that process is. It starts once a line is written to it: its network is
 * laid by then.
 */
const AIR = `
exec ${AIR_FD}</proc/self/ns/net
exec unshare --net --mount -- /bin/sh -ec "$0" "$@"`;

const MODULE = `
hosts=$0
echo '{"event":"waits-for-network"}'
read -r go || exit 0
mount --bind "$hosts" /etc/hosts
exec "$@"`;

/** The command that runs a module's command behind the air, in its own process. @param hostsFile what its /etc/hosts is to be */
export function behindAir(command: readonly string[], hostsFile: string): readonly string[] {
  return ['unshare', '--net', '--', '/bin/sh', '-ec', AIR, MODULE, hostsFile, ...command];
}

/** What makes a command run in the air of the module with that process. */
export function inAir(pid: number): readonly string[] {
  return ['nsenter', `--net=/proc/${pid}/fd/${AIR_FD}`];
}

/** What makes a command run in the network of the module itself. */
export function inModule(pid: number): readonly string[] {
  return ['nsenter', `--net=/proc/${pid}/ns/net`];
}
