// A city for the tests: areas of 25 simulated halls, one area with the halls of real agents, and who is invited.
const wards = ['Ba Đình', 'Hoàn Kiếm', 'Đống Đa', 'Hai Bà Trưng', 'Cầu Giấy', 'Tây Hồ', 'Thanh Xuân', 'Hoàng Mai', 'Long Biên', 'Hà Đông', 'Ngọc Hà',
  'Giảng Võ', 'Cửa Nam', 'Hồng Hà', 'Láng', 'Ô Chợ Dừa', 'Văn Miếu', 'Kim Liên', 'Bạch Mai', 'Vĩnh Tuy', 'Phú Thượng', 'Nghĩa Đô', 'Yên Hòa', 'Khương Đình',
  'Phương Liệt', 'Định Công', 'Tương Mai', 'Vĩnh Hưng', 'Lĩnh Nam', 'Hoàng Liệt', 'Bồ Đề'];
const halls = ['Hội trường', 'Nhà văn hóa', 'Trường THCS', 'Trường THPT', 'Trung tâm chính trị', 'Trụ sở UBND'];
const people = ['Nguyễn Văn An', 'Trần Thị Bình', 'Lê Minh Châu', 'Phạm Đức Dũng', 'Hoàng Thu Hà', 'Vũ Quang Hải', 'Đặng Ngọc Lan', 'Bùi Hữu Nam'];
const units = ['UBND', 'HĐND', 'Mặt trận Tổ quốc', 'Công an', 'Đoàn Thanh niên'];

const nth = <T,>(list: readonly T[], at: number): T => list[at % list.length] as T;
const perArea = 25;

export interface City {
  areas: string;
  sites: string;
  delegates: string;
  /** Of the simulated halls: site_id,area_id. */
  fleet: string;
  /** Ids of the halls that have a real agent: T01, T02. */
  agents: string[];
  size: number;
}

export function makeCity(simulated: number, agents: number, perSite: number): City {
  const areas = ['area_id,parent_id,name', 'thanh-pho,,Thành phố', 'trung-tam,thanh-pho,Khối trung tâm'];
  const sites = ['site_id,area_id,name,technician,phone,seats'], delegates = ['delegate_id,site_id,name,unit'], fleet = ['site_id,area_id'];
  const ids: string[] = [];
  const add = (id: string, area: string, name: string, n: number) => {
    sites.push(`${id},${area},${name},${nth(people, n)},09${String(10_000_000 + n * 7919).slice(0, 8)},80`);
    for (let d = 0; d < perSite; ++d) delegates.push(`${id}-${d + 1},${id},${nth(people, n + d)} ${d + 1},${nth(units, d)}`);
  };
  for (let n = 0; n < agents; ++n) {
    const id = `T0${n + 1}`;
    ids.push(id);
    add(id, 'trung-tam', `Điểm cầu trung tâm ${n + 1}`, n);
  }
  for (let n = 0; n < simulated; ++n) {
    const place = Math.floor(n / perArea), area = `khu-${String(place + 1).padStart(2, '0')}`;
    if (n % perArea === 0) areas.push(`${area},thanh-pho,Phường ${nth(wards, place)}`);
    const id = `D${String(n + 1).padStart(4, '0')}`;
    fleet.push(`${id},${area}`);
    add(id, area, `${nth(halls, n)} ${nth(wards, place)} ${(n % perArea) + 1}`, n + agents);
  }
  const text = (lines: string[]) => `${lines.join('\n')}\n`;
  return { areas: text(areas), sites: text(sites), delegates: text(delegates), fleet: text(fleet), agents: ids, size: simulated + agents };
}
