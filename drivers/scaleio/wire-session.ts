import * as z from 'zod';

/** What a session itself asks the gateway for: who answers there, and whether it lets this user in. */
const id = z.string().regex(/^[0-9a-f]{16}$/);
const name = z.string().nullish();
const openText = z.string().nullish();

export const tokenWire = z.string().min(1);
export const bearerWire = z.object({ access_token: z.string().min(1), refresh_token: z.string().nullish() });
export const versionWire = z.string().regex(/^\d+(\.\d+)*$/);

export const errorWire = z.object({
  message: z.string().nullish(),
  errorCode: z.int().nullish(),
  details: z.array(z.object({ rc: z.int().nullish() })).nullish(),
});

export const systemWire = z.object({
  id,
  name,
  installId: openText,
  systemVersionName: openText,
  mdmCluster: z.object({ clusterState: z.string() }).nullish(),
  mdmClusterState: openText,
  /** Since 4.0. */
  systemNqn: openText,
});
export type SystemWire = z.infer<typeof systemWire>;

export const userWire = z.object({ id: z.string(), name, userRole: openText });
export const signOnUsersWire = z.object({
  users: z.array(z.object({ username: openText, permission: z.object({ role: openText }).nullish() })),
});
