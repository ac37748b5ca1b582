from typing import NamedTuple
class Bond(NamedTuple):
    field: int; start: int; end: int; tag: str; rule: str; confidence: float
class Bonds(NamedTuple):
    mentions: list; focus: list
class AllianceFinder:
    def __init__(self, lexicon, authority): self.lexicon=lexicon
    def find(self, fields, years):
        out=[]
        for i,f in enumerate(fields):
            for p in f.scan.pacts:
                out.append(Bond(i,p.start,p.end,p.entry.readings[0][0],"alliance-name",.9))
        return Bonds(out,[])
