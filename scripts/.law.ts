import { createReader } from "../lib/midi/read.ts";
import { createCutter } from "../lib/midi/cut.ts";
import { breaches } from "../test/midi/cut-law.ts";
import { readSmf, type Smf } from "../test/midi/cut-smf.ts";
import { metaPayload } from "../lib/midi/cut/payload.ts";
import { parseMidi } from "midi-file";
import { Midi } from "@tonejs/midi";
const dir=process.argv[2]??"/work/shared/data/open"; const tone=process.argv.includes("--tone");
const files=[...new Bun.Glob("**/*").scanSync({cwd:dir,absolute:true})].filter(f=>!/\.(tsv|csv|json|txt)$/i.test(f));
const r=createReader({events:true}),c=createCutter();
let n=0,parts=0,single=0,bad=0,strict=0,viol=0,peer=0,fromScore=0;
const kinds:any={};
function smfOf(s:any):Smf{const e=s.events;return{format:s.format,division:s.division.kind==="metrical"?s.division.ticksPerQuarter:((256-s.division.framesPerSecond)<<8)|s.division.ticksPerFrame,
 endTicks:s.tracks.map((t:any)=>t.endTick),tracks:s.tracks.map((t:any)=>{const out:any[]=[];for(let i=t.eventStart;i<t.eventEnd;i++){const st=e.status[i];const pay=s.bytes.subarray(e.offset[i],e.offset[i]+e.length[i]);
 if(st===0xff){if(e.data1[i]===0x2f)continue;const p=metaPayload(e.data1[i],pay);if(p)out.push({tick:e.tick[i],track:t.index,status:st,data:[e.data1[i],...p]})}
 else if(st>=0xf0)out.push({tick:e.tick[i],track:t.index,status:st,data:[...pay]});
 else out.push({tick:e.tick[i],track:t.index,status:st,data:(st&0xe0)===0xc0?[e.data1[i]]:[e.data1[i],e.data2[i]]})}return out})}}
for(const f of files){const bytes=await Bun.file(f).bytes();let s;try{s=r.read(bytes)}catch(e){bad++;continue}
n++;let src:Smf;try{src=readSmf(bytes);strict++}catch(e){src=smfOf(s);fromScore++}
for(const [by,kit] of [["auto",false],["track",false],["channel",false],["auto",true]] as const){
 let k;try{k=c.cut(s,{by,drumsByNote:kit})}catch(e){console.log(f,by,String(e));viol++;continue}
 if(k.state==="single"){if(by==="auto"&&!kit)single++;continue}
 const list=kit?[...new Set(k.parts.filter(p=>p.key!==null).map(p=>p.channel!))]:[];
 const v=breaches(src,k.parts.map(p=>p.bytes),{by,byKey:list});
 if(v.length){viol++;if(viol<20)console.log(f.replace(dir,""),by,kit,v.slice(0,3))}
 parts+=k.parts.length;
 if(by==="auto"&&!kit)for(const p of k.parts){try{parseMidi(p.bytes);if(tone)new Midi(p.bytes)}catch(e){peer++;if(peer<20)console.log("peer",f.replace(dir,""),p.track,p.channel,String(e).slice(0,100))}}
}}
console.log({n,bad,strict,fromScore,single,parts,viol,peer});
