"""Old names, for programs that were written for one of the seeds. Nothing else of Tengjia imports this."""
