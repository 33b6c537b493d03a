/** Preloaded into a child that has an IPC channel: the channel closes when the parent dies, however it dies, and so ends the child. */
process.on('disconnect', () => process.exit());
