"""The config sections of this task's stages."""

TRAINING = {"build": "tengjia.graph.building:Build", "load": "tengjia.graph.loading:Load"}
TESTING = {"apply": "tengjia.graph.application:Application"}
