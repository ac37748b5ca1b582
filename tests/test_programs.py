"""What programs and sites write, each a small file of invented works in their form, with the right values.

None of these files comes from a program: they follow public descriptions and what people report of such files.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from kg.model import Record
from kg.readers import read

FILES: dict[str, bytes] = {}


def add(name: str, data: str | bytes) -> None:
    FILES[name] = data if isinstance(data, bytes) else data.encode()


def zipped(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


add(
    "cnki-refworks.txt",
    """RT Journal Article
SR 1
A1 张三;李四;
AD 样本大学国际关系学院;;样本研究院
T1 同盟困境与承诺
JF 样刊研究
YR 2021
IS 03
vo 12
OP 45-61+158
K1 同盟困境;承诺;;美日同盟
AB 本文讨论同盟困境。
第一，牵连。

第二，抛弃。
SN 1006-9550
CN 11-3818/D
LA 中文;
DS CNKI
LK https://kns.example.org/kcms/detail?x=1&y=2
DO 10.9999/j.cnki.2021.03.001

RT Dissertation/Thesis
SR 2
A1 王五
A3 赵六
T1 冷战后的联盟管理
PB 样本大学
YR 2019
CL 博士
K1 联盟管理
AB 论文研究联盟管理。
LA 中文
DS CNKI

RT Conference Proceeding
A1 Doe Jane;Roe Richard
T1 Alliance Reliability
T2 Proceedings of the Sample Meeting
YR 2010
OP 1-9
AB Abstract: Reliability matters.

RT Newspaper Article
A1 本报记者 张三
T1 同盟的未来
JF 样本日报
YR 2022
FD 2022-03-04
""",
)
add(
    "cnki.enw",
    """%0 Journal Article
%A 张三
%A 李四
%+ 样本大学;
%T 同盟困境与承诺
%J 样刊研究
%D 2021
%V 12
%N 03
%K 同盟困境;承诺
%X <正>本文讨论同盟困境。
%P 45-61+158
%@ 1006-9550
%U https://kns.example.org/x
%R 10.9999/a
%W CNKI

%0 Thesis
%A 王五
%Y 赵六
%T 冷战后的联盟管理
%I 样本大学
%D 2019
%9 博士
%X 论文研究联盟管理。
%W CNKI
""",
)
add(
    "noteexpress.net",
    """{Reference Type}: Journal Article
{Title}: 同盟困境与承诺
{Author}: 张三;李四
{Author Address}: 样本大学;
{Journal}: 样刊研究
{Year}: 2021
{Volume}:
{Issue}: 03
{Pages}: 45-61
{Keywords}: 同盟困境;承诺
{Abstract}: 本文讨论同盟困境。
{ISBN/ISSN}: 1006-9550
{Notes}: 11-3818/D
{URL}: https://x
{DOI}: 10.9999/a
{Database Provider}: CNKI
{Language}: 中文;
{Reference Type}: Thesis
{Title}: 冷战后的联盟管理
{Author}: 王五
{Tertiary Author}: 赵六
{Publisher}: 样本大学
{Type of Work}: 博士
{Year}: 2019
{Abstract}: 论文研究联盟管理。
""",
)
add(
    "chaxin.txt",
    """[1]张三,李四.同盟困境与承诺[J].样刊研究,2021,12(03):45-61+158.
摘要:本文讨论同盟困境。
关键词:同盟困境;承诺
[2]王五.冷战后的联盟管理[D].样本大学,2019.
摘要：论文研究联盟管理。
""",
)
add(
    "vip.txt",
    """1:
【题名】同盟困境与承诺
【作者】张三 李四
【机构】样本大学
【刊名】样刊研究
【ISSN号】1006-9550
【关键词】同盟困境 承诺
【分类号】D81
【文摘】本文讨论同盟困境。

2:
【题名】冷战后的联盟管理
【作者】王五
【刊名】样刊研究
【文摘】论文研究联盟管理。
""",
)
add(
    "wanfang-chaxin.txt",
    """【序号】1
【篇名】同盟困境与承诺
【作者】张三,李四
【刊名】样刊研究
【年,卷(期)】2021,12(3)
【摘要】本文讨论同盟困境。
【关键词】同盟困境,承诺

【序号】2
【篇名】冷战后的联盟管理
【作者】王五
【刊名】样刊研究
【年,卷(期)】2019,(3)
【摘要】论文研究联盟管理。
""",
)
add(
    "custom.txt",
    """SrcDatabase-来源库: 期刊
Title-题名: 同盟困境与承诺
Author-作者: 张三;李四;
Organ-单位: 样本大学;
Source-文献来源: 样刊研究
Keyword-关键词: 同盟困境;;承诺
Summary-摘要: <正>本文讨论同盟困境。
PubTime-发表时间: 2021-06-15 09:00
Year-年: 2021
Volume-卷: 12
Period-期: 03
PageCount-页码: 45-61+158
CLC-中图分类号: D81
URL-网址: https://x

SrcDatabase-来源库: 博士
Title-题名: 冷战后的联盟管理
Author-作者: 王五
Source-文献来源: 样本大学
Summary-摘要: 论文研究联盟管理。
PubTime-发表时间: 2019-05-01
""",
)
add(
    "custom.doc",
    """<html><head><meta charset="utf-8"></head><body>SrcDatabase-来源库: 期刊<br>Title-题名: 同盟困境与承诺<br>Author-作者: 张三;李四;<br>Source-文献来源: 样刊研究<br>Summary-摘要: 本文讨论同盟困境。<br>Year-年: 2021<br><br>SrcDatabase-来源库: 期刊<br>Title-题名: 第二题名<br>Author-作者: 王五<br>Summary-摘要: 论文研究联盟管理。<br></body></html>""",
)
add(
    "es.eln",
    """DataType: 1
Title-题名: 同盟困境与承诺
Author-作者: 张三;李四;
Source-刊名: 样刊研究
Year-年: 2021
PubTime-出版时间: 2021-06-15
Keyword-关键词: 同盟困境;承诺
Summary-摘要: 本文讨论同盟困境。
Period-期: 03
PageCount-页数: 17
Page-页码: 45-61
SrcDatabase-来源库: 期刊
Organ-机构: 样本大学;
Link-链接: https://x


DataType: 1
Title-题名: 冷战后的联盟管理
Author-作者: 王五;
Source-刊名: 样刊研究
Year-年: 2019
""",
)
add(
    "cnki.xls",
    """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><table border="1"><tr><td>SrcDatabase-来源库</td><td>Title-题名</td><td>Author-作者</td><td>Organ-单位</td><td>Source-文献来源</td><td>Keyword-关键词</td><td>Summary-摘要</td><td>PubTime-发表时间</td><td>FirstDuty-第一责任人</td><td>Fund-基金</td><td>Year-年</td><td>Volume-卷</td><td>Period-期</td><td>PageCount-页码</td><td>CLC-中图分类号</td><td>URL-网址</td><td>DOI-DOI</td></tr>
<tr><td>期刊</td><td style="vnd.ms-excel.numberformat:@">同盟困境与承诺</td><td>张三;李四;</td><td>样本大学;</td><td>样刊研究</td><td>同盟困境;承诺</td><td>本文讨论&quot;同盟困境&quot;。</td><td>2021-06-15</td><td>张三;</td><td></td><td>2021</td><td>12</td><td>03</td><td>45-61+158</td><td>D81</td><td>https://x</td><td>10.9999/a</td></tr></table></body></html>""",
)
add(
    "wos.txt",
    "\ufeffFN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Doe, J\n   Roe, RK\nAF Doe, Jane\n   Roe, Richard K.\nTI Alliance reliability and the\n   costs of war\nSO JOURNAL OF SAMPLES\nLA English\nDT Article\nDE alliances; reliability\nID MILITARY\nAB Why do states\n   keep promises?\nC1 [Doe, Jane] Sample Univ, City, USA.\nCR BUENO DE M, 1981, WAR TRAP\n   WALT S, 1987, ORIGINS\nNR 2\nTC 12\nZ9 14\nSN 0020-8183\nEI 1531-5088\nPD SPR\nPY 2001\nVL 55\nIS 2\nBP 101\nEP 120\nDI 10.9999/wos.1\nUT WOS:000168000000001\nER\n\nPT J\nAU Kim, S\nTI Second\nSO RSAMP\nPY 2002\nUT WOS:000168000000002\nER\n\nEF\n",
)
add(
    "wos-tab.txt",
    'PT\tAU\tAF\tTI\tSO\tLA\tDT\tDE\tAB\tTC\tSN\tPY\tVL\tIS\tBP\tEP\tDI\tUT\nJ\tDoe, J; Roe, RK\tDoe, Jane; Roe, Richard K.\tAlliance "reliability"\tJOURNAL OF SAMPLES\tEnglish\tArticle\talliances; reliability\tWhy do states keep promises?\t12\t0020-8183\t2001\t55\t2\t101\t120\t10.9999/wos.1\tWOS:0001\n'.encode(
        "utf-16"
    ),
)
add(
    "scopus.csv",
    '\ufeff"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Art. No.","Page start","Page end","Page count","Cited by","DOI","Link","Abstract","Author Keywords","Index Keywords","Document Type","Publication Stage","Open Access","Source","EID"\n"Doe J.; Roe R.K.","Doe, Jane (57190000001); Roe, Richard K. (57190000002)","57190000001; 57190000002","Alliances “revisited”","2021","Journal of Samples","12","3","","45","61","","7","10.9999/scopus.1","https://example.org/x","Pacts bind. © 2021 Sample Ltd","alliances; pacts","","Article","Final","","Scopus","2-s2.0-85100000000"\n"[No author name available]","","","Foreword","2020","Journal of Samples","","","e12","","","","","","","[No abstract available]","","","Note","Final","All Open Access; Gold","Scopus","2-s2.0-1"\n',
)
add(
    "proquest.ris",
    "TY  - JOUR\nT1  - Why Alliances Endure\nAN  - 123456\nAU  - Doe, Jane\nJF  - Journal of Samples\nY1  - 2015/03//Spring\nPY  - 2015\nDA  - Spring 2015\nSP  - 10-25\nVL  - 12\nIS  - 1\nSN  - 00208183\nAB  - Alliances endure because of institutions. [PUBLICATION ABSTRACT]\nN1  - Copyright - Copyright Sample 2015; Last updated - 2022\nKW  - Political Science\nKW  - 9180:International\nUR  - https://example.org/x\nL2  - http://x\nER  - \n",
)
add(
    "ebsco.ris",
    "TY  - JOUR\nID  - 12345\nT1  - Why Alliances Endure.\nAU  - Doe, Jane\nAU  - Roe, Richard\nJO  - Journal of Samples\nJF  - Journal of Samples\nY1  - 2015/03//\nVL  - 12\nIS  - 1\nSP  - 10\nEP  - 25\nM3  - Article\nSN  - 00208183\nAB  - Alliances endure because of institutions. [ABSTRACT FROM AUTHOR]\nAB  - Copyright of Journal of Samples is the property of Sample and its content may not be copied or emailed to multiple sites without permission. (Copyright applies to all Abstracts.)\nKW  - ALLIANCES\nN1  - Accession Number: 12345; Doe, Jane 1; Affiliations: 1: Univ.\nUR  - https://example.org/x\nDP  - EBSCOhost\nER  - \n",
)
add(
    "jstor.ris",
    'Provider: JSTOR\nDatabase: JSTOR\nContent: text/plain; charset="UTF-8"\n\nTY  - JOUR\nTI  - Why Alliances Endure\nAU  - Doe, Jane\nAB  - <p>Alliances endure.</p>\nC1  - Full publication date: Spring, 2015\nDB  - JSTOR\nDO  - 10.9999/123\nEP  - 25\nIS  - 1\nPB  - Sample\nPY  - 2015\nSN  - 00208183, 15315088\nSP  - 10\nT2  - Journal of Samples\nUR  - https://example.org/123\nVL  - 12\nY2  - 2022/01/01/\nER  - \n\n',
)
add(
    "tandf.ris",
    "TY  - JOUR\nT1  - Why Alliances Endure\nAU  - Doe, Jane\nY1  - 2015/01/02\nPY  - 2015\nN1  - doi: 10.9999/09636412.2015.1\nDO  - 10.9999/09636412.2015.1\nT2  - Security Samples\nJF  - Security Samples\nSP  - 10\nEP  - 25\nVL  - 12\nIS  - 1\nPB  - Sample\nSN  - 0963-6412\nM3  - doi: 10.9999/09636412.2015.1\nUR  - https://doi.org/10.9999/09636412.2015.1\nY2  - 2022/01/01\nER  - \n",
)
add(
    "sciencedirect.ris",
    "TY  - JOUR\nT1  - Why Alliances Endure\nAU  - Doe, Jane\nJO  - Samples\nVL  - 12\nSP  - 102345\nPY  - 2021\nDA  - 2021/06/01/\nSN  - 0962-6298\nDO  - https://doi.org/10.9999/j.x.2021.102345\nUR  - https://example.org/x\nKW  - Alliance\nAB  - Abstract\nAlliances endure.\nER  - \n",
)
add(
    "springer.ris",
    "TY  - CHAP\nAU  - Doe, Jane\nED  - Roe, Richard\nPY  - 2020\nDA  - 2020//\nTI  - Pacts\nBT  - Handbook of Samples\nSP  - 1\nEP  - 20\nPB  - Sample Press\nCY  - Cham\nAB  - Pacts bind.\nSN  - 978-3-030-00000-0\nUR  - https://doi.org/10.9999/978-3-030-00000-0_1\nDO  - 10.9999/978-3-030-00000-0_1\nID  - Doe2020\nER  - \n",
)
add(
    "better.bib",
    "@article{doeWhyAlliancesEndure2015,\n  title = {Why {{NATO}} Endures: {{Alliances}} \\& Order},\n  shorttitle = {Why {{NATO}} Endures},\n  author = {Doe, Jane and {van der Roe}, Richard and {{Sample Institute}}},\n  date = {2015-03},\n  journaltitle = {Journal of Samples},\n  volume = {12},\n  number = {1},\n  pages = {10--25},\n  issn = {0020-8183},\n  doi = {10.9999/bbt.1},\n  url = {https://x},\n  urldate = {2022-01-01},\n  abstract = {Alliances endure because\n  of institutions --- 50\\% of them. Caf\\'e.},\n  langid = {english},\n  keywords = {alliances,NATO},\n  file = {C\\:\\\\Users\\\\x.pdf}\n}\n\n@comment{jabref-meta: databaseType:bibtex;}\n",
)
add(
    "gscholar.csv",
    'Authors,Title,Publication,Volume,Number,Pages,Year,Publisher\n"Doe, Jane; Roe, Richard; ",Why Alliances Endure,Journal of Samples,12,1,10-25,2015,Sample\n',
)
add(
    "pop.csv",
    'Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type,DOI,ISSN,CitationURL,Volume,Issue,StartPage,EndPage,ECC,CitesPerYear,CitesPerAuthor,AuthorCount,Age,Abstract,FullTextURL,RelatedURL\n7,"J Doe, R Roe",Why Alliances Endure,2015,Journal of Samples,Sample,https://x,,1,2022-01-01 10:00:00,,10.9999/p,,,12,1,10,25,7,1.00,3,2,7,Alliances endure.,,\n',
)
add(
    "dimensions.csv",
    '"About the data: Exported on Jan 01, 2022. Criteria: \'alliance\' in full data."\nRank,Publication ID,DOI,PMID,PMCID,ISBN,Title,Abstract,Acknowledgements,Funding,Source title,Anthology title,MeSH terms,Publication date,PubYear,Publication date (online),Publication date (print),Volume,Issue,Pagination,Open Access,Publication Type,Authors,Authors (Raw Affiliation),Corresponding Authors,Times cited\n1,pub.100,10.9999/d,,,,Why Alliances Endure,Alliances endure.,,,Journal of Samples,,,2015-03-01,2015,2015-03-01,2015,12,1,10-25,Closed,Article,"Doe, Jane; Roe, Richard","Doe, Jane (Univ)",,7\n',
)
add(
    "lens.csv",
    "\ufeffLens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,Publisher,Source Country,Author/s,Abstract,Volume,Issue Number,Start Page,End Page,Fields of Study,Keywords,MeSH Terms,Chemicals,Funding,Source URLs,External URL,PMID,DOI,Microsoft Academic ID,PMCID,Citing Patents Count,References,Citing Works Count,Is Open Access\n000-1,Why Alliances Endure,2015-03-01,2015,journal article,Journal of Samples,00208183; 15315088,Sample,US,Jane Doe; Richard Roe,Alliances endure.,12,1,10,25,Politics,,,,,,,,10.9999/l,,,0,,7,false\n",
)
add(
    "semicolon-cp1252.csv",
    'Titre;Title;Auteurs;Authors;Année;Year;Abstract\nX;Élysée et l’OTAN;Müller, J.;Müller, J.;2004;2004;"Le traité\nde l’Élysée, signé à Paris."\n'.encode(
        "cp1252"
    ),
)
add("dup.csv", "Title,Title,Abstract,Authors\nOn Pacts,,Pacts bind.,Doe Jane\n,Second place,More.,Roe\n")
add(
    "double.ris",
    (
        "TY  - JOUR\nTI  - L'Élysée et “l'alliance”\nAU  - Müller, Jörg\nPY  - 2004\nAB  - Le traité signé à Paris – déjà.\nER  - \n"
    )
    .encode()
    .decode("latin-1")
    .encode(),
)
add(
    "double-zh.txt",
    ("RT Journal Article\nA1 张三\nT1 美日同盟困境研究\nJF 国际观察\nYR 2011\nAB 本文讨论美日同盟。\n")
    .encode()
    .decode("latin-1")
    .encode(),
)
add(
    "double-cp.ris",
    ("TY  - JOUR\nTI  - The alliance’s “burden” – an essay\nAU  - Müller, J.\nAB  - It’s “costly” – café.\nER  - \n")
    .encode()
    .decode("latin-1")
    .translate({i: bytes([i]).decode("cp1252") for i in range(128, 160) if i not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)})
    .encode(),
)
add(
    "broken-gb.txt",
    ("RT Journal Article\nA1 张三\nT1 美日同盟困境研究\nJF 国际观察\nYR 2011\nAB 本文讨论美日同盟的").encode("gb18030")
    + b"\xff\xff"
    + "困境与管理。\n".encode("gb18030"),
)
add(
    "hk.txt",
    "RT Journal Article\nA1 張三\nT1 同盟的困境：嘅啲研究\nJF 國際觀察\nYR 2011\nAB 本文討論美日同盟的困境，嘅啲問題與管理。\n".encode(
        "big5hkscs"
    ),
)
add("u16.ris", "TY  - JOUR\nTI  - On Pacts\nAU  - Doe, Jane\nAB  - Pacts bind states.\nER  - \n".encode("utf-16-le"))
add("u16be.txt", "RT Journal Article\nA1 张三\nT1 美日同盟困境研究\nAB 本文讨论美日同盟。\n".encode("utf-16-be"))
add("nul.ris", b"TY  - JOUR\nTI  - On\x00 Pacts\nAU  - Doe, Jane\x00\nAB  - Pacts bind.\nER  - \n\x00\x00\x00")
add("cut.ris", "TY  - JOUR\nTI  - On Pacts\nAU  - Doe, Jane\nER  - \n\nTY  - JOUR\nTI  - Second Pa")
add("cut.bib", "@article{a, title={On Pacts}, year=2001}\n@article{b, title={Second Pact}, abstract={It is cut of")
add("cut.json", '[{"title":"On Pacts","abstract":"A"},{"title":"Second","abst')
add("wrong.csv", "TY  - JOUR\nTI  - On Pacts\nER  - \n")
add("wrong.ris", "Title,Abstract,Year\nOn Pacts,Bind.,2001\n")
add("wrong.txt", '{"title":"On Pacts","abstract":"Bind."}\n{"title":"B","abstract":"C"}\n')
add(
    "endnote.xml",
    '<?xml version="1.0" encoding="UTF-8" ?><xml><records><record><database name="My.enl" path="x">My.enl</database><source-app name="EndNote" version="20.0">EndNote</source-app><rec-number>1</rec-number><foreign-keys><key app="EN" db-id="x">1</key></foreign-keys><ref-type name="Journal Article">17</ref-type><contributors><authors><author><style face="normal" font="default" size="100%">Doe, Jane</style></author><author><style face="normal" font="default" charset="134" size="100%">张三</style></author></authors></contributors><titles><title><style face="normal" font="default" size="100%">Why </style><style face="italic" font="default" size="100%">Alliances</style><style face="normal" font="default" size="100%"> Endure</style></title><secondary-title><style face="normal" font="default" size="100%">Journal of Samples</style></secondary-title></titles><periodical><full-title><style>Journal of Samples</style></full-title></periodical><pages><style>10-25</style></pages><volume><style>12</style></volume><number><style>1</style></number><keywords><keyword><style>alliances</style></keyword></keywords><dates><year><style>2015</style></year><pub-dates><date><style>Mar</style></date></pub-dates></dates><isbn><style>0020-8183</style></isbn><abstract><style>Alliances endure.&#xD;Second line.</style></abstract><urls></urls><electronic-resource-num><style>10.9999/e</style></electronic-resource-num><language><style>English</style></language></record></records></xml>',
)
add(
    "oai.xml",
    '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header><identifier>oai:x:1</identifier><datestamp>2022-01-01</datestamp></header><metadata><oai_dc:dc xmlns:oai_dc="x" xmlns:dc="y"><dc:title>Why Alliances Endure</dc:title><dc:creator>Doe, Jane</dc:creator><dc:creator>Roe, Richard</dc:creator><dc:subject>alliances</dc:subject><dc:description>Alliances endure.</dc:description><dc:date>2015-03-01</dc:date><dc:type>Article</dc:type><dc:identifier>https://doi.org/10.9999/o</dc:identifier><dc:source>Journal of Samples</dc:source><dc:language>eng</dc:language></oai_dc:dc></metadata></record></ListRecords></OAI-PMH>',
)
add(
    "pubmed.xml",
    '<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019//EN" "https://example.org/x.dtd"><PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">123</PMID><Article PubModel="Print"><Journal><ISSN IssnType="Print">0020-8183</ISSN><JournalIssue CitedMedium="Print"><Volume>12</Volume><Issue>1</Issue><PubDate><Year>2015</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Journal of Samples</Title></Journal><ArticleTitle>Why Alliances Endure.</ArticleTitle><Pagination><MedlinePgn>10-25</MedlinePgn></Pagination><Abstract><AbstractText Label="AIM">Alliances endure.</AbstractText><AbstractText Label="END">Really.</AbstractText></Abstract><AuthorList><Author><LastName>Doe</LastName><ForeName>Jane</ForeName><Initials>J</Initials></Author></AuthorList><Language>eng</Language></Article></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">10.9999/pm</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>',
)
add(
    "crossref.json",
    '{"status":"ok","message-type":"work-list","message":{"items":[{"DOI":"10.9999/C.1","title":["Why Alliances Endure"],"subtitle":["An Essay"],"container-title":["Journal of Samples"],"author":[{"given":"Jane","family":"Doe","sequence":"first","ORCID":"http://orcid.org/0000-0001-2345-6789"},{"name":"Sample Institute"}],"issued":{"date-parts":[[2015,3]]},"published-print":{"date-parts":[[2015,3]]},"volume":"12","issue":"1","page":"10-25","ISSN":["0020-8183"],"type":"journal-article","abstract":"<jats:title>Abstract</jats:title>\\n   <jats:p>Alliances <jats:italic>endure</jats:italic>.</jats:p><jats:p>Second.</jats:p>","is-referenced-by-count":7,"language":"en"}]}}',
)
add(
    "csl.json",
    '[{"id":"http://zotero.org/users/1/items/ABCD1234","type":"article-journal","abstract":"Alliances endure.","container-title":"Journal of Samples","DOI":"10.9999/csl","ISSN":"0020-8183","issue":"1","language":"en-US","page":"10-25","title":"Why <i>Alliances</i> Endure","volume":"12","author":[{"family":"Doe","given":"Jane"},{"family":"Roe","given":"Richard","non-dropping-particle":"van der"}],"issued":{"date-parts":[["2015",3]],"season":"1"}}]',
)
add(
    "pubmed.nbib",
    "PMID- 123\nOWN - NLM\nIS  - 0020-8183 (Print)\nVI  - 12\nIP  - 1\nDP  - 2015 Mar\nTI  - Why alliances\n      endure.\nPG  - 10-25\nLID - 10.9999/nb [doi]\nAB  - Alliances endure\n      because.\nFAU - Doe, Jane\nAU  - Doe J\nLA  - eng\nPT  - Journal Article\nJT  - Journal of samples\nOT  - alliances\n\nPMID- 124\nTI  - [On pacts].\nFAU - Kim, Su\nLA  - kor\nDP  - 2016\n",
)
plain = FILES["tandf.ris"]
add("nest.zip", zipped("a/b.ris.gz", gzip.compress(plain)))
add("nest.tar.bz2", bz2.compress(tarred("x.zip", zipped("y.ris", plain))))
add("n.ris.xz", lzma.compress(plain))
add("two.gz", gzip.compress(plain) + gzip.compress(plain.replace(b"Why", b"How")))
add("cr.ris", FILES["tandf.ris"].replace(b"\n", b"\r"))
add("tail.ris", FILES["tandf.ris"] + b"\n\n\n<!-- served -->\n")
add(
    "lower.enw",
    "%0 Journal Article\n%T Why Alliances Endure\n%A Doe, Jane\n%A Roe, Richard\n%J Journal of Samples\n%V 12\n%N 1\n%P 10-25\n%D 2015\n%I JSTOR\n\n%0 Book\n%T Pacts\n%A Doe, Jane\n%D 2001\n%@ 0306406152\n%I Sample Press\n",
)
add(
    "zotero.ris",
    "TY  - JOUR\nTI  - Why Alliances Endure\nAU  - Doe, Jane\nT2  - Journal of Samples\nAB  - First line.\n\nSecond paragraph.\nDA  - 2015/03//\nPY  - 2015\nDO  - 10.9999/z\nVL  - 12\nIS  - 1\nSP  - 10\nEP  - 25\nJ2  - J. Samp.\nLA  - en\nSN  - 0020-8183\nST  - Why Alliances\nUR  - https://x\nY2  - 2022/01/01/12:00:00\nL1  - C:\\\\x.pdf\nKW  - alliances\nER  - \n\n",
)
add(
    "mendeley.bib",
    "@article{Doe2015,\nabstract = {Alliances endure.},\nauthor = {Doe, Jane and Roe, Richard},\ndoi = {10.9999/m},\nissn = {0020-8183},\njournal = {Journal of Samples},\nkeywords = {alliances},\nmendeley-groups = {x},\nnumber = {1},\npages = {10--25},\ntitle = {{Why Alliances Endure}},\nvolume = {12},\nyear = {2015}\n}\n",
)
add(
    "wanfang.bib",
    "@article{张三2021,\n  author={张三, 李四},\n title={同盟困境与承诺},\n journal={样刊研究},\n year={2021},\n number={3},\n pages={45-61},\n keywords={同盟困境;承诺}\n}\n",
)
add(
    "gbt-en.txt",
    "[1] Doe J, Roe R K. Why alliances endure[J]. Journal of Samples, 2015, 12(1): 10-25.\n[2] 张三. 同盟论[M]. 北京: 样本出版社, 2010: 33.\n[3] 李四. 同盟的未来[N]. 样本日报, 2022-03-04(5).\n[4] 王五. 论同盟[EB/OL]. (2020-05-06)[2021-01-02]. https://example.org/x.\n[5] 赵六. 会议论文题名[C]//样本学会. 样本会议论文集. 上海: 样本出版社, 2008: 12-20.\n[6] Sample Agency. A report on pacts[R]. City: Sample, 2009.\n",
)


RIGHT: dict[str, list[dict[str, object]]] = {
    'cnki-refworks.txt': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。第一，牵连。第二，抛弃。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'volume': '12', 'issue': '03', 'pages': '45-61+158', 'doi': '10.9999/j.cnki.2021.03.001', 'keywords': ('同盟困境', '承诺', '美日同盟')},
        {'lang': 'zh-Hans', 'title': '冷战后的联盟管理', 'abstract': '论文研究联盟管理。', 'authors': ('王五',), 'year': 2019, 'keywords': ('联盟管理',), 'kind': 'thesis'},
        {'lang': 'en', 'title': 'Alliance Reliability', 'abstract': 'Reliability matters.', 'authors': ('Doe, Jane', 'Roe, Richard'), 'journal': 'Proceedings of the Sample Meeting', 'year': 2010, 'pages': '1-9', 'kind': 'paper'},
        {'lang': 'zh-Hans', 'title': '同盟的未来', 'authors': ('张三',), 'journal': '样本日报', 'year': 2022, 'kind': 'other'},
    ],
    'cnki.enw': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'volume': '12', 'issue': '03', 'pages': '45-61+158', 'doi': '10.9999/a', 'keywords': ('同盟困境', '承诺')},
        {'lang': 'zh-Hans', 'title': '冷战后的联盟管理', 'abstract': '论文研究联盟管理。', 'authors': ('王五',), 'year': 2019, 'kind': 'thesis'},
    ],
    'noteexpress.net': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'issue': '03', 'pages': '45-61', 'doi': '10.9999/a', 'keywords': ('同盟困境', '承诺')},
        {'lang': 'zh-Hans', 'title': '冷战后的联盟管理', 'abstract': '论文研究联盟管理。', 'authors': ('王五',), 'journal': '样本大学', 'year': 2019, 'kind': 'thesis'},
    ],
    'chaxin.txt': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'volume': '12', 'issue': '03', 'pages': '45-61+158', 'keywords': ('同盟困境', '承诺')},
        {'lang': 'zh-Hans', 'title': '冷战后的联盟管理', 'abstract': '论文研究联盟管理。', 'authors': ('王五',), 'year': 2019, 'kind': 'thesis'},
    ],
    'vip.txt': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'keywords': ('同盟困境', '承诺')},
        {'lang': 'zh-Hans', 'title': '冷战后的联盟管理', 'abstract': '论文研究联盟管理。', 'authors': ('王五',), 'journal': '样刊研究'},
    ],
    'wanfang-chaxin.txt': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'volume': '12', 'issue': '3', 'keywords': ('同盟困境', '承诺')},
        {'lang': 'zh-Hans', 'title': '冷战后的联盟管理', 'abstract': '论文研究联盟管理。', 'authors': ('王五',), 'journal': '样刊研究', 'year': 2019, 'issue': '3'},
    ],
    'custom.txt': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'volume': '12', 'issue': '03', 'pages': '45-61+158', 'keywords': ('同盟困境', '承诺')},
        {'lang': 'zh-Hans', 'title': '冷战后的联盟管理', 'abstract': '论文研究联盟管理。', 'authors': ('王五',), 'journal': '样本大学', 'year': 2019},
    ],
    'custom.doc': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021},
        {'lang': 'zh-Hans', 'title': '第二题名', 'abstract': '论文研究联盟管理。', 'authors': ('王五',)},
    ],
    'es.eln': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论同盟困境。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'issue': '03', 'pages': '45-61', 'keywords': ('同盟困境', '承诺')},
        {'lang': 'zh-Hans', 'title': '冷战后的联盟管理', 'authors': ('王五',), 'journal': '样刊研究', 'year': 2019},
    ],
    'cnki.xls': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'abstract': '本文讨论"同盟困境"。', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'volume': '12', 'issue': '03', 'pages': '45-61+158', 'doi': '10.9999/a', 'keywords': ('同盟困境', '承诺')},
    ],
    'wos.txt': [
        {'lang': 'en', 'title': 'Alliance reliability and the costs of war', 'abstract': 'Why do states keep promises?', 'authors': ('Doe, Jane', 'Roe, Richard K.'), 'journal': 'JOURNAL OF SAMPLES', 'year': 2001, 'volume': '55', 'issue': '2', 'pages': '101-120', 'doi': '10.9999/wos.1', 'keywords': ('alliances', 'reliability', 'MILITARY'), 'cited_by': 12},
        {'lang': 'en', 'title': 'Second', 'authors': ('Kim, S',), 'journal': 'RSAMP', 'year': 2002},
    ],
    'wos-tab.txt': [
        {'lang': 'en', 'title': 'Alliance "reliability"', 'abstract': 'Why do states keep promises?', 'authors': ('Doe, Jane', 'Roe, Richard K.'), 'journal': 'JOURNAL OF SAMPLES', 'year': 2001, 'volume': '55', 'issue': '2', 'pages': '101-120', 'doi': '10.9999/wos.1', 'keywords': ('alliances', 'reliability'), 'cited_by': 12},
    ],
    'scopus.csv': [
        {'lang': 'en', 'title': 'Alliances “revisited”', 'abstract': 'Pacts bind.', 'authors': ('Doe, Jane', 'Roe, Richard K.'), 'journal': 'Journal of Samples', 'year': 2021, 'volume': '12', 'issue': '3', 'pages': '45-61', 'doi': '10.9999/scopus.1', 'keywords': ('alliances', 'pacts'), 'cited_by': 7},
        {'lang': 'en', 'title': 'Foreword', 'journal': 'Journal of Samples', 'year': 2020, 'pages': 'e12'},
    ],
    'proquest.ris': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure because of institutions.', 'authors': ('Doe, Jane',), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'keywords': ('Political Science', '9180:International')},
    ],
    'ebsco.ris': [
        {'lang': 'en', 'title': 'Why Alliances Endure.', 'abstract': 'Alliances endure because of institutions.', 'authors': ('Doe, Jane', 'Roe, Richard'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'keywords': ('ALLIANCES',)},
    ],
    'jstor.ris': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.', 'authors': ('Doe, Jane',), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/123'},
    ],
    'tandf.ris': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane',), 'journal': 'Security Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/09636412.2015.1'},
    ],
    'sciencedirect.ris': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.', 'authors': ('Doe, Jane',), 'journal': 'Samples', 'year': 2021, 'volume': '12', 'pages': '102345', 'doi': '10.9999/j.x.2021.102345', 'keywords': ('Alliance',)},
    ],
    'springer.ris': [
        {'lang': 'en', 'title': 'Pacts', 'abstract': 'Pacts bind.', 'authors': ('Doe, Jane',), 'journal': 'Handbook of Samples', 'year': 2020, 'pages': '1-20', 'doi': '10.9999/978-3-030-00000-0_1', 'kind': 'chapter'},
    ],
    'better.bib': [
        {'lang': 'en', 'title': 'Why NATO Endures: Alliances & Order', 'abstract': 'Alliances endure because of institutions — 50% of them. Café.', 'authors': ('Doe, Jane', 'van der Roe, Richard', 'Sample Institute'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/bbt.1', 'keywords': ('alliances', 'NATO')},
    ],
    'gscholar.csv': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane', 'Roe, Richard'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25'},
    ],
    'pop.csv': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.', 'authors': ('J Doe', 'R Roe'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/p', 'cited_by': 7},
    ],
    'dimensions.csv': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.', 'authors': ('Doe, Jane', 'Roe, Richard'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/d', 'cited_by': 7},
    ],
    'lens.csv': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.', 'authors': ('Jane Doe', 'Richard Roe'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/l', 'cited_by': 7},
    ],
    'semicolon-cp1252.csv': [
        {'lang': 'en', 'title': 'Élysée et l’OTAN', 'abstract': 'Le traité\nde l’Élysée, signé à Paris.', 'authors': ('Müller, J.',), 'year': 2004},
    ],
    'dup.csv': [
        {'lang': 'en', 'title': 'On Pacts', 'abstract': 'Pacts bind.', 'authors': ('Doe Jane',)},
        {'lang': 'en', 'title': 'Second place', 'abstract': 'More.', 'authors': ('Roe',)},
    ],
    'double.ris': [
        {'lang': 'en', 'title': "L'Élysée et “l'alliance”", 'abstract': 'Le traité signé à Paris – déjà.', 'authors': ('Müller, Jörg',), 'year': 2004},
    ],
    'double-zh.txt': [
        {'lang': 'zh-Hans', 'title': '美日同盟困境研究', 'abstract': '本文讨论美日同盟。', 'authors': ('张三',), 'journal': '国际观察', 'year': 2011},
    ],
    'double-cp.ris': [
        {'lang': 'en', 'title': 'The alliance’s “burden” – an essay', 'abstract': 'It’s “costly” – café.', 'authors': ('Müller, J.',)},
    ],
    'broken-gb.txt': [
        {'lang': 'zh-Hans', 'title': '美日同盟困境研究', 'abstract': '本文讨论美日同盟的��困境与管理。', 'authors': ('张三',), 'journal': '国际观察', 'year': 2011},
    ],
    'hk.txt': [
        {'lang': 'zh-Hant', 'title': '同盟的困境：嘅啲研究', 'abstract': '本文討論美日同盟的困境，嘅啲問題與管理。', 'authors': ('張三',), 'journal': '國際觀察', 'year': 2011},
    ],
    'u16.ris': [
        {'lang': 'en', 'title': 'On Pacts', 'abstract': 'Pacts bind states.', 'authors': ('Doe, Jane',)},
    ],
    'u16be.txt': [
        {'lang': 'zh-Hans', 'title': '美日同盟困境研究', 'abstract': '本文讨论美日同盟。', 'authors': ('张三',)},
    ],
    'nul.ris': [
        {'lang': 'en', 'title': 'On Pacts', 'abstract': 'Pacts bind.', 'authors': ('Doe, Jane',)},
    ],
    'cut.ris': [
        {'lang': 'en', 'title': 'On Pacts', 'authors': ('Doe, Jane',)},
        {'lang': 'en', 'title': 'Second Pa'},
    ],
    'cut.bib': [
        {'lang': 'en', 'title': 'On Pacts', 'year': 2001},
        {'lang': 'en', 'title': 'Second Pact', 'abstract': 'It is cut of'},
    ],
    'cut.json': [
        {'lang': 'en', 'title': 'On Pacts', 'abstract': 'A'},
    ],
    'wrong.csv': [
        {'lang': 'en', 'title': 'On Pacts'},
    ],
    'wrong.ris': [
        {'lang': 'en', 'title': 'On Pacts', 'abstract': 'Bind.', 'year': 2001},
    ],
    'wrong.txt': [
        {'lang': 'en', 'title': 'On Pacts', 'abstract': 'Bind.'},
        {'lang': 'en', 'title': 'B', 'abstract': 'C'},
    ],
    'endnote.xml': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.\nSecond line.', 'authors': ('Doe, Jane', '张三'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/e', 'keywords': ('alliances',)},
    ],
    'oai.xml': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.', 'authors': ('Doe, Jane', 'Roe, Richard'), 'journal': 'Journal of Samples', 'year': 2015, 'doi': '10.9999/o', 'keywords': ('alliances',)},
    ],
    'pubmed.xml': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.\nReally.', 'authors': ('Doe, Jane',), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/pm'},
    ],
    'crossref.json': [
        {'lang': 'en', 'title': 'Why Alliances Endure: An Essay', 'abstract': 'Alliances endure.\nSecond.', 'authors': ('Doe, Jane', 'Sample Institute'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/c.1', 'cited_by': 7},
    ],
    'csl.json': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.', 'authors': ('Doe, Jane', 'van der Roe, Richard'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/csl'},
    ],
    'pubmed.nbib': [
        {'lang': 'en', 'title': 'Why alliances endure', 'abstract': 'Alliances endure because.', 'authors': ('Doe, Jane',), 'journal': 'Journal of samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/nb', 'keywords': ('alliances',)},
        {'lang': 'en', 'title': 'On pacts', 'authors': ('Kim, Su',), 'year': 2016},
    ],
    'nest.zip': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane',), 'journal': 'Security Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/09636412.2015.1'},
    ],
    'nest.tar.bz2': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane',), 'journal': 'Security Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/09636412.2015.1'},
    ],
    'n.ris.xz': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane',), 'journal': 'Security Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/09636412.2015.1'},
    ],
    'two.gz': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane',), 'journal': 'Security Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/09636412.2015.1'},
        {'lang': 'en', 'title': 'How Alliances Endure', 'authors': ('Doe, Jane',), 'journal': 'Security Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/09636412.2015.1'},
    ],
    'cr.ris': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane',), 'journal': 'Security Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/09636412.2015.1'},
    ],
    'tail.ris': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane',), 'journal': 'Security Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/09636412.2015.1'},
    ],
    'lower.enw': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'authors': ('Doe, Jane', 'Roe, Richard'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25'},
        {'lang': 'en', 'title': 'Pacts', 'authors': ('Doe, Jane',), 'year': 2001, 'kind': 'book'},
    ],
    'zotero.ris': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'First line. Second paragraph.', 'authors': ('Doe, Jane',), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/z', 'keywords': ('alliances',)},
    ],
    'mendeley.bib': [
        {'lang': 'en', 'title': 'Why Alliances Endure', 'abstract': 'Alliances endure.', 'authors': ('Doe, Jane', 'Roe, Richard'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25', 'doi': '10.9999/m', 'keywords': ('alliances',)},
    ],
    'wanfang.bib': [
        {'lang': 'zh-Hans', 'title': '同盟困境与承诺', 'authors': ('张三', '李四'), 'journal': '样刊研究', 'year': 2021, 'issue': '3', 'pages': '45-61', 'keywords': ('同盟困境', '承诺')},
    ],
    'gbt-en.txt': [
        {'lang': 'en', 'title': 'Why alliances endure', 'authors': ('Doe, J', 'Roe, R K'), 'journal': 'Journal of Samples', 'year': 2015, 'volume': '12', 'issue': '1', 'pages': '10-25'},
        {'lang': 'zh-Hans', 'title': '同盟论', 'authors': ('张三',), 'year': 2010, 'pages': '33', 'kind': 'book'},
        {'lang': 'zh-Hans', 'title': '同盟的未来', 'authors': ('李四',), 'journal': '样本日报', 'year': 2022, 'kind': 'other'},
        {'lang': 'zh-Hans', 'title': '论同盟', 'authors': ('王五',), 'year': 2020, 'kind': 'other'},
        {'lang': 'zh-Hans', 'title': '会议论文题名', 'authors': ('赵六',), 'journal': '样本会议论文集', 'year': 2008, 'pages': '12-20', 'kind': 'paper'},
        {'lang': 'en', 'title': 'A report on pacts', 'authors': ('Sample Agency',), 'year': 2009, 'kind': 'report'},
    ],
}  # fmt: skip

FIELDS = (
    "title",
    "abstract",
    "authors",
    "journal",
    "year",
    "volume",
    "issue",
    "pages",
    "doi",
    "keywords",
    "cited_by",
    "kind",
)


@pytest.mark.parametrize("name", FILES)
def test_right_values(name):
    found = [item for item in read(FILES[name], name=name) if isinstance(item, Record)]
    assert [
        {field: getattr(record, field) for field in ("lang", *FIELDS) if getattr(record, field) not in (None, ())}
        for record in found
    ] == [{"kind": "article", **right} for right in RIGHT[name]]


# A reader that meets damage or mends something says so; the others have nothing to say.
SAYS = {
    "double.ris": "encoded twice",
    "double-zh.txt": "encoded twice",
    "double-cp.ris": "encoded twice",
    "broken-gb.txt": "no gb18030",
    "nul.ris": "no page or graph can hold",
    "cut.bib": "not closed",
    "cut.json": "no valid JSON",
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_said(name):
    said = [str(item) for item in read(FILES[name], name=name) if not isinstance(item, Record)]
    assert bool(said) == (name in SAYS)
    assert all(SAYS[name] in line and line.startswith(name) for line in said)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("savedrecs.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old form (.xls)"),
        ("thesis.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a Word file holds no record"),
        ("all.rar", b"Rar!\x1a\x07\x00xxxx", "RAR archives are not read"),
        ("empty.csv", b"", "empty"),
        ("blank.ris", b"\n\n  \n", "empty"),
    ],
)
def test_what_is_not_read(name, data, reason):
    (problem,) = read(data, name=name)
    assert reason in str(problem)
