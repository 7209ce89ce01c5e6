"""What trainers and callbacks share: state, hooks, the engine of one step, snapshots."""
