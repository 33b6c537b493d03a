/**
 * What a function has instead of the SDK's search for credentials: Lambda puts its role's into the environment, and puts new ones into a new
 * environment. The search knows ten more places, whose clients are a fifth of a bundle and 8 ms of each cold start (infra/build.ts).
 */
import { fromEnv } from '@aws-sdk/credential-provider-env';

/** In the place of `@aws-sdk/credential-provider-node`, for the SDK's clients. */
export const defaultProvider = fromEnv;
