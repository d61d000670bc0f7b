import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { contentOf, keepContent } from './contents.ts';
import { controlHardware, hostOf } from './control-hardware.ts';
import { refuse } from './errors.ts';
import { isJson } from './json.ts';
import { addMappedSdc, removeMappedSdc } from './mappings.ts';
import type { ArrayState, Volume } from './model.ts';
import { behaviour, ioProfile, user } from './seed-schema.ts';
import { settle } from './settle.ts';
import { putUser } from './users.ts';
import { setVolumeName } from './volume-change.ts';
import { createVolume } from './volume-create.ts';
import { removeVolume } from './volume-remove.ts';

const identity = z.strictObject({ systemId: z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hex digits') });
const renaming = z.strictObject({ name: z.string() });
const mapping = z.strictObject({ sdc: z.string(), accessMode: z.enum(['ReadWrite', 'ReadOnly', 'NoAccess']).optional() });
const contents = z.strictObject({ content: z.string().optional(), usedInKb: z.number().int().nonnegative().optional() });
const durations = z.strictObject(
  Object.fromEntries(Object.keys(behaviour.shape).map((name) => [name, z.number().nonnegative().optional()])),
);

function volumeOf(array: ArrayState, context: Context): Volume {
  const volume = array.volumes.get(context.req.param('id') ?? '');
  if (volume === undefined) throw refuse('VOL_NOT_FOUND');
  return volume;
}

/** What somebody else does to volumes. None of it is in the log of calls. */
function controlVolumes(app: Hono, array: ArrayState): void {
  app.post('/volumes', async (context) => {
    const body: unknown = await context.req.json();
    return context.json(createVolume(array, isJson(body) ? body : {}));
  });
  app.delete('/volumes/:id', (context) => {
    removeVolume(array, volumeOf(array, context), {});
    return context.json({});
  });
  app.post('/volumes/:id/rename', async (context) => {
    setVolumeName(array, volumeOf(array, context), { newName: renaming.parse(await context.req.json()).name });
    return context.json({});
  });
}

function controlContent(app: Hono, array: ArrayState): void {
  app.get('/volumes/:id/content', (context) => context.json({ content: contentOf(volumeOf(array, context), array.clock.nowMs()) }));
  app.post('/volumes/:id/write', async (context) => {
    const { content, usedInKb } = contents.parse(await context.req.json());
    const volume = volumeOf(array, context);
    if (content !== undefined) volume.content = content;
    if (usedInKb !== undefined) volume.usedInKb = usedInKb;
    return context.json({});
  });
}

function controlMappings(app: Hono, array: ArrayState): void {
  app.post('/volumes/:id/mappings', async (context) => {
    const { sdc, accessMode } = mapping.parse(await context.req.json());
    const body = { sdcId: hostOf(array, sdc).id, allowMultipleMappings: 'TRUE', accessMode };
    addMappedSdc(array, volumeOf(array, context), body);
    return context.json({});
  });
  app.delete('/volumes/:id/mappings/:sdc', (context) => {
    removeMappedSdc(array, volumeOf(array, context), { sdcId: hostOf(array, context.req.param('sdc')).id });
    return context.json({});
  });
}

function controlIo(app: Hono, array: ArrayState): void {
  app.post('/volumes/:id/io', async (context) => {
    const io = ioProfile.parse(await context.req.json());
    const volume = volumeOf(array, context);
    keepContent(array, volume);
    volume.io = io;
    return context.json({});
  });
  app.delete('/volumes/:id/io', (context) => {
    const volume = volumeOf(array, context);
    keepContent(array, volume);
    volume.io = null;
    return context.json({});
  });
}

function controlUsers(app: Hono, array: ArrayState): void {
  app.post('/users', async (context) => {
    const { id } = putUser(array, user.parse(await context.req.json()));
    return context.json({ id });
  });
}

export function controlArray(app: Hono, array: ArrayState): void {
  app.use(async (_context, next) => {
    settle(array);
    await next();
  });
  controlHardware(app, array);
  controlIo(app, array);
  controlVolumes(app, array);
  controlContent(app, array);
  controlMappings(app, array);
  controlUsers(app, array);
  app.post('/identity', async (context) => {
    array.system.id = identity.parse(await context.req.json()).systemId;
    return context.json({});
  });
  app.post('/behaviour', async (context) => {
    Object.assign(array.behaviour, durations.parse(await context.req.json()));
    return context.json({ ...array.behaviour });
  });
}
