"""Words about crawling."""

from tengjia.messages import Message

MESSAGES = {
    "crawling.no_package": Message(
        "crawling needs {found}, which is not installed",
        "抓取网页需要 {found}，但尚未安装",
        'pip install "tengjia[crawl]"',
        'pip install "tengjia[crawl]"',
    ),
    "crawling.no_start": Message(
        "no page to begin with",
        "没有起始页面",
        "name at least one: start_urls: [https://example.org/jobs]",
        "请至少写一个：start_urls: [https://example.org/jobs]",
    ),
    "crawling.bad_url": Message(
        "`{found}` is no address of a page: it must be http or https, with a host, without a password",
        "`{found}` 不是网页地址：必须是 http 或 https，带主机名，且不含密码",
        "write it in full: https://example.org/jobs",
        "请写完整地址：https://example.org/jobs",
    ),
    "crawling.bad_host": Message(
        "`{found}` is no host: allowed is `host` or `host:port`, without `http://` and without a path",
        "`{found}` 不是主机：应写成 `host` 或 `host:port`，不带 `http://`，也不带路径",
        "write for instance example.org, or 127.0.0.1:8000",
        "例如 example.org 或 127.0.0.1:8000",
    ),
    "crawling.private_start": Message(
        "`{found}` leads to the private address {host}, which crawl.private_hosts does not name",
        "`{found}` 指向内网地址 {host}，而 crawl.private_hosts 没有列出它",
        "if you mean this machine or your intranet: private_hosts: [{host}]",
        "如果确实要访问本机或内网：private_hosts: [{host}]",
    ),
    "crawling.start_outside": Message(
        "`{found}` lies outside of crawl.allowed_domains: {allowed}",
        "`{found}` 不在 crawl.allowed_domains 之内：{allowed}",
        "add its host there, or leave allowed_domains empty: then the hosts of the start pages are allowed",
        "请把它的主机加进去，或让 allowed_domains 为空：此时允许各起始页面所在的主机",
    ),
    "crawling.bad_output": Message(
        "`{found}` is no name of a folder below dataset_root",
        "`{found}` 不是 dataset_root 下的目录名",
        "use letters, digits, `_`, `-` and `.`, with `/` between folders: crawled/jobs",
        "请使用字母、数字、`_`、`-`、`.`，目录之间用 `/`：crawled/jobs",
    ),
    "crawling.no_contact": Message(
        "`{found}` names no contact: who runs a site must be able to reach who crawls it",
        "`{found}` 没有联系方式：网站的维护者应当能联系到抓取者",
        "add an address of mail or a page: MyTeam/1.0 (+https://example.org/crawler)",
        "请加上邮箱或网页地址：MyTeam/1.0 (+https://example.org/crawler)",
    ),
    "crawling.secret_written": Message(
        "a secret stands in a file or on the command line, where others can read it",
        "机密信息写在了文件或命令行里，别人可以看到",
        "put it into an environment variable and write ${{oc.env:NAME}}",
        "请放进环境变量，并写成 ${{oc.env:NAME}}",
    ),
    "crawling.no_items": Message(
        "no kind of item: pages would be read, and nothing kept",
        "没有定义任何条目：页面会被读取，但什么都不会保存",
        "name one: items: {{article: {{pattern: /articles/}}}}",
        "请至少定义一种：items: {{article: {{pattern: /articles/}}}}",
    ),
    "crawling.no_pattern": Message(
        "the item `{found}` has no `pattern`: which pages hold it is not said",
        "条目 `{found}` 没有 `pattern`：没有说明哪些页面包含它",
        "add a regular expression of their addresses: pattern: /jobs/\\d+",
        "请写出这些页面地址的正则表达式：pattern: /jobs/\\d+",
    ),
    "crawling.unknown_key": Message(
        "an item has no `{found}`; {nearest}it has: {allowed}",
        "条目没有 `{found}`；{nearest}可用的有：{allowed}",
        "correct the key, or take it away",
        "请改正该键，或删除它",
    ),
    "crawling.item_value": Message(
        "found {found}, which is not what stands here",
        "这里的值 {found} 不合要求",
        "write for instance {example}",
        "例如写成 {example}",
    ),
    "crawling.bad_pattern": Message(
        "`{found}` is no regular expression: {reason}",
        "`{found}` 不是正则表达式：{reason}",
        "patterns are those of Python's `re`, searched for anywhere in an address; put it in single quotes in YAML",
        "使用 Python `re` 的语法，在地址中任意位置查找；YAML 中请用单引号括起来",
    ),
    "crawling.bad_selector": Message(
        "`{found}` is no selector: {reason}",
        "`{found}` 不是选择器：{reason}",
        "write css:h1::text, xpath://h1/text(), or json:script#__NEXT_DATA__ => props.pageProps.title",
        "可写成 css:h1::text、xpath://h1/text() 或 json:script#__NEXT_DATA__ => props.pageProps.title",
    ),
    "crawling.serve_elsewhere": Message(
        "a folder is served on this machine only, and the first start page is of `{found}`",
        "目录只能在本机提供服务，而第一个起始页面属于 `{found}`",
        "let it begin with http://127.0.0.1:8765/, or set crawl.serve=null",
        "请让它以 http://127.0.0.1:8765/ 开头，或设 crawl.serve=null",
    ),
    "crawling.no_site": Message(
        "there is no folder {found} to serve",
        "没有可提供服务的目录 {found}",
        "name a folder below dataset_root, or set crawl.serve=null",
        "请写 dataset_root 下的目录，或设 crawl.serve=null",
    ),
    "crawling.port_in_use": Message(
        "the site cannot be served at {found}: {reason}",
        "无法在 {found} 提供网站服务：{reason}",
        "choose another port in crawl.start_urls",
        "请在 crawl.start_urls 中换一个端口",
    ),
    "crawling.in_use": Message(
        "another process crawls into this folder",
        "另一个进程正在向该目录抓取",
        "wait for it, or choose another folder: crawl.output=NAME",
        "请等待其结束，或换一个目录：crawl.output=NAME",
    ),
    "crawling.foreign_items": Message(
        "an items.jsonl is here that no crawl left",
        "这里的 items.jsonl 不是抓取留下的",
        "choose another folder: crawl.output=NAME; crawl.resume=never replaces the file",
        "请换一个目录：crawl.output=NAME；crawl.resume=never 会替换该文件",
    ),
    "crawling.differs": Message(
        "{file} holds a crawl with another value: {found}",
        "{file} 中的抓取使用的是另一个值：{found}",
        "choose another folder: crawl.output=NAME; crawl.resume=never begins anew and forgets what is there",
        "请换一个目录：crawl.output=NAME；crawl.resume=never 表示丢弃已有内容，从头开始",
    ),
    "crawling.frontier_version": Message(
        "the crawl was begun by another version of Tengjia (format {found})",
        "该抓取由另一个版本的 Tengjia 开始（格式 {found}）",
        "choose another folder: crawl.output=NAME; crawl.resume=never begins anew",
        "请换一个目录：crawl.output=NAME；crawl.resume=never 表示从头开始",
    ),
    "crawling.frontier_damaged": Message(
        "the file is damaged: {reason}",
        "文件已损坏：{reason}",
        "crawl.resume=never begins anew; copy items.jsonl first if you want to keep it",
        "crawl.resume=never 表示从头开始；若要保留 items.jsonl，请先复制",
    ),
    "crawling.items_shorter": Message(
        "the file has {found} bytes, and {wanted} were written: lines were taken away",
        "文件只有 {found} 字节，而已写入 {wanted} 字节：有行被删除",
        "put it back, or begin anew with crawl.resume=never",
        "请恢复该文件，或用 crawl.resume=never 从头开始",
    ),
    "crawling.not_written": Message(
        "cannot be written: {reason}",
        "无法写入：{reason}",
        "make room, or choose another dataset_root; the same command goes on",
        "请腾出空间，或换一个 dataset_root；同一命令会继续",
    ),
    "crawling.worker_died": Message(
        "the process that crawls ended without a word (exit code {found})",
        "抓取进程意外结束（退出码 {found}）",
        "the same command goes on from the last page; if memory was short, lower crawl.max_bytes",
        "同一命令会从最后一页继续；若是内存不足，请减小 crawl.max_bytes",
    ),
    "crawling.nothing_read": Message(
        "no page could be read: {reasons}",
        "没有读到任何页面：{reasons}",
        "look at the start pages in a browser; once they answer, the same command asks again",
        "请在浏览器中查看起始页面；恢复后，同一命令会重新请求",
    ),
    "crawling.told": Message(
        "{items} items of {pages} pages that were read: {file}",
        "读取 {pages} 个页面，得到 {items} 个条目：{file}",
    ),
    "crawling.kept": Message(
        "{done} pages were asked for, {left} wait.",
        "已请求 {done} 个页面，还有 {left} 个等待。",
    ),
    "crawling.blocked": Message(
        "blocked pages: {count} in all, {reasons}; each is named in {file}",
        "{count} 个页面被拒绝：{reasons}；逐一列在 {file} 中",
    ),
    "crawling.broken": Message(
        "broken pages: {count} in all, {reasons}; each is named in {file}; crawl.resume=failed asks again",
        "{count} 个页面有问题：{reasons}；逐一列在 {file} 中；crawl.resume=failed 会重新请求",
    ),
    "crawling.fields_missing": Message(
        "fields were not found, on so many pages: {fields}",
        "以下字段没有找到（括号内为页面数）：{fields}",
    ),
    "crawling.given_up": Message(
        "{host} blocked one page after the other and is left alone; the same command goes on with it later",
        "{host} 连续拒绝访问，暂不再请求；之后执行同一命令会继续",
    ),
    "crawling.limit": Message(
        "crawl.{limit} is reached, and {left} pages wait; with a higher limit the same command goes on",
        "已达到 crawl.{limit}，还有 {left} 个页面等待；提高上限后执行同一命令会继续",
    ),
    "crawling.links_left": Message(
        "crawl.{limit} kept {count} links from being followed",
        "因 crawl.{limit} 的限制，有 {count} 个链接未被跟进",
    ),
    "crawling.nothing_taken": Message(
        "pages were read, but none matches the `pattern` of an item; their addresses are in {file}",
        "读取了页面，但没有一个符合任何条目的 `pattern`；页面地址见 {file}",
    ),
}
