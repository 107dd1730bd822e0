"""Masking for texts that people of the bank will read: who, where and how much goes too, not only numbers.

It takes out too much rather than too little. What it cannot know, such as a rare name in the middle of a sentence, is
why a text is also never shown unless three people wrote like it.
"""

import re

from bot.conversation.redaction import redact

HIDDEN = "***"
SURNAMES = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍"
    "韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋]"
)
TITLES = (
    "先生|女士|小姐|太太|夫人|阿姨|叔叔|伯伯|大爷|大妈|大姐|大哥|奶奶|爷爷|老师|经理|主任|警官|警察|律师|医生|大夫|"
    "校长|教授|队长|科长|局长|处长|会计|老板|总监|总|哥|姐|姨|叔|某某|某"
)
# Words after which a name stands; then the name, or a word that only begins like one.
BEFORE_NAME = (
    "我叫|名叫|叫做|叫|姓名是?|户名是?|收款人是?|收款方是?|联系人是?|对方是|转给|汇给|打给|付给|还给|我是|本人|"
    "(?:我|他|她)?(?:儿子|女儿|老公|老婆|丈夫|妻子|爱人|妈妈|爸爸|哥哥|姐姐|弟弟|妹妹|朋友|同事|同学|邻居|男友|女友|孙子|孙女)"
)
AFTER_NAME = "让我|叫我|要我|骗我|加我|找我|给我|说他|说她|给他|给她|汇款|转账|打款|转了|汇了|打了"
NO_NAME = "马上|方便|任何|任务|周[末一二三四五六日]|万一|何时|金额|黄金|白天|时间|文件|常常|成功|位置|关于|安全"
CN_NAME = rf"(?!{NO_NAME})(?:{SURNAMES})[\u4e00-\u9fff]"
NAMES = (
    re.compile(rf"(?P<keep>)(?:{SURNAMES})(?:[\u4e00-\u9fff]{{1,2}}?)??(?P<after>{TITLES})"),
    re.compile(rf"(?P<keep>(?:{BEFORE_NAME})[:：\s]*){CN_NAME}[\u4e00-\u9fff]?(?P<after>(?=[\s,，。.;；!！?？、]|$))"),
    re.compile(
        rf"(?P<keep>(?:{BEFORE_NAME})[:：\s]*){CN_NAME}(?:[\u4e00-\u9fff](?<![被让叫说给要的在是了]))?(?P<after>)"
    ),
    re.compile(rf"(?P<keep>^|[\s,，。.;；!！?？、给向跟和]){CN_NAME}[\u4e00-\u9fff]?(?P<after>{AFTER_NAME})"),
    re.compile(
        r"(?P<keep>\b(?:my name is|name is|named|called|account (?:of|holder)|payee(?: is)?|I am|I'm|this is|"
        r"(?:my|her|his) (?:son|daughter|husband|wife|mother|father|brother|sister|friend|boss|colleague|neighbou?r),?)"
        r"\s+)(?-i:[A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2})(?P<after>)",
        re.I,
    ),
    re.compile(
        r"(?P<keep>\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Officer|Inspector|Aunt|Uncle)\.?\s+)"
        r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+)?(?P<after>)"
    ),
)
NUMERAL = r"[0-9０-９〇零一二两三四五六七八九十百千]"
PLACES = (
    re.compile(
        rf"[\u4e00-\u9fffA-Za-z0-9]{{1,8}}?(?:大道|路|街|巷|胡同|弄|镇|乡|村|社区)(?={NUMERAL}+(?:号|弄|栋|幢|楼|组))"
    ),
    re.compile(r"[\u4e00-\u9fff]{1,5}(?:小区|花园|新村|家园|公寓|新城|花苑|公馆)"),
    re.compile(rf"{NUMERAL}{{1,5}}(?:号楼|号院|号|弄|栋|幢|单元|组|室)(?:{NUMERAL}{{1,5}}(?:号楼|号|栋|单元|层|室)?)*"),
    re.compile(
        r"\b\d{1,5}[A-Za-z]?,? (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Way)\b"
    ),
    re.compile(r"\b(?:flat|apartment|apt|unit|room) \d+[A-Za-z]?\b", re.I),
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),  # a postcode
)
PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.\s]?[A-Z0-9]{5,6}")
# One figure of an amount says how large it is; the others may say whose it is.
AMOUNT = re.compile(r"(?<![\d*])([1-9])([\d,]*\d{2}(?:\.\d+)?)(?!\d)")
AMOUNT_ZH = re.compile(r"([一二两三四五六七八九十]{1,2}[万千百])[一二两三四五六七八九十百千零]+(?=元|块|$|[,，。的了])")
DAY = re.compile(r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]")
# Numbers everybody knows stay: they say what was talked about.
KNOWN = re.compile(r"96110|12(?:110|308|315|321|333|345|356|363|368|378|381)|955\d{2}|400|110|119|120")
ACCOUNT = re.compile(
    r"(?<![A-Za-z0-9@*])(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z][A-Za-z0-9_-]{4,}|@\w{3,}"
)
DIGITS = re.compile(r"(?<![\d*])\d[\d -]{2,}\d(?![\d*])")
LONGEST = 400


def for_people(text: str) -> str:
    """The text as a member of the bank may read it; masking it again changes nothing."""
    masked = redact(text).text
    for pattern in (PLATE, DAY, *PLACES):
        masked = pattern.sub(HIDDEN, masked)
    for pattern in NAMES:
        masked = pattern.sub(lambda m: f"{m['keep']}{HIDDEN}{m['after']}", masked)
    masked = ACCOUNT.sub(HIDDEN, masked)
    masked = AMOUNT.sub(_coarse, masked)
    masked = AMOUNT_ZH.sub(r"\1多", masked)
    masked = DIGITS.sub(lambda m: m.group() if _is_plain(m.group()) else HIDDEN, masked)
    return " ".join(masked.split())[:LONGEST]


def _coarse(match: re.Match[str]) -> str:
    """A figure and noughts; hotlines and years are left alone."""
    whole = match.group()
    if KNOWN.fullmatch(whole):
        return whole
    digits = re.sub(r"\D", "", match[2].split(".")[0])
    return match[1] + "0" * len(digits)


def _is_plain(number: str) -> bool:
    return bool(KNOWN.fullmatch(number) or re.fullmatch(r"[1-9]0+", number))
