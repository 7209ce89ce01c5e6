"""The config section of the stage `crawl`."""

TRAINING = {"crawl": "tengjia.crawling.section:Crawl"}
