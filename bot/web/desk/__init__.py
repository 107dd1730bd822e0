"""The publicity desk's pages under `/desk`, over the services of `bot.desk`; put together in `bot.web.desk.site`."""
