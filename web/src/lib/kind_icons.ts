// A picture for each kind of thing, so that a list can be scanned by eye.
import accommodation from 'lucide:bed-double';
import baby from 'lucide:baby';
import bag from 'lucide:shopping-bag';
import banknote from 'lucide:banknote';
import bench from 'lucide:armchair';
import bike from 'lucide:bike';
import briefcase from 'lucide:briefcase';
import building from 'lucide:building-2';
import bus from 'lucide:bus';
import camera from 'lucide:camera';
import car from 'lucide:car';
import church from 'lucide:church';
import culture from 'lucide:landmark';
import droplets from 'lucide:droplets';
import dumbbell from 'lucide:dumbbell';
import food from 'lucide:utensils';
import health from 'lucide:heart-pulse';
import mail from 'lucide:mail';
import map_pin from 'lucide:map-pin';
import area from 'lucide:map-pinned';
import pill from 'lucide:pill';
import route from 'lucide:route';
import school from 'lucide:graduation-cap';
import signpost from 'lucide:signpost';
import siren from 'lucide:siren';
import toilet from 'lucide:toilet';
import train from 'lucide:train-front';
import trash from 'lucide:trash-2';
import tree from 'lucide:tree-deciduous';
import trees from 'lucide:trees';
import waves from 'lucide:waves';

const kByClass: Record<string, string> = {
  shop: bag,
  food,
  school,
  university: school,
  childcare: baby,
  health,
  pharmacy: pill,
  culture,
  city_office: building,
  emergency: siren,
  worship: church,
  lodging: accommodation,
  sport: dumbbell,
  park: trees,
  transport: bus,
  parking: car,
  bicycle: bike,
  finance: banknote,
  post: mail,
  office: briefcase,
  toilet,
  water_point: droplets,
  waste: trash,
  bench,
  sight: camera,
};
const kByKind: Record<string, string> = {
  building,
  building_part: building,
  street: signpost,
  rail: train,
  water: waves,
  green: trees,
  tree,
  stop: bus,
  area,
  line: route,
};
const kTrains = new Set(['tram', 'subway', 'rail', 'funicular']);

export function icon_for(thing: { kind: string; class: string }): string {
  if (thing.kind === 'place') return kByClass[thing.class] ?? map_pin;
  if (thing.kind === 'stop' && kTrains.has(thing.class)) return train;
  return kByKind[thing.kind] ?? map_pin;
}
