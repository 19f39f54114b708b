import { COLUMN_TYPES, MAX_PRECISION, type Column, type PlainType, type ValueType } from '@winnow/kernel';
import { z } from 'zod';

const isPlain = (type: string): type is PlainType => !['decimal', 'struct', 'list', 'map'].includes(type);

/** The types that need no more than their name. */
export const PLAIN_TYPES: readonly PlainType[] = COLUMN_TYPES.filter(isPlain);

/** A type with what it needs, and the keys of `more` beside it. */
const typeWith = <T extends z.ZodRawShape>(more: T) =>
  z.union([
    z.object({ ...more, type: z.enum(PLAIN_TYPES) }),
    z.object({
      ...more,
      type: z.literal('decimal'),
      precision: z.int().min(1).max(MAX_PRECISION),
      scale: z.int().min(0).max(MAX_PRECISION),
    }),
    z.object({ ...more, type: z.literal('struct'), fields: z.array(z.lazy(() => column)).min(1) }),
    z.object({ ...more, type: z.literal('list'), element: z.lazy(() => valueType) }),
    z.object({ ...more, type: z.literal('map'), value: z.lazy(() => valueType) }),
  ]);

const valueType: z.ZodType<ValueType> = z.lazy(() => typeWith({}));

/** A column as `run.json` freezes it. */
export const column: z.ZodType<Column> = z.lazy(() => typeWith({ name: z.string() }) as z.ZodType<Column>);
